/**
 * How money goes on from the first account: divided among many; divided, and gathered on one account; in a row, whole; in a row back
 * to where it began; in amounts just below a limit of the law; or through companies on paper.
 */
export type Route = 'spread' | 'gather' | 'motorcade' | 'cycle' | 'structured' | 'shells';
