/** Why personal data is read, as the server records it. Each screen names its own. */
export type Purpose = 'investigation' | 'alert' | 'request' | 'appeal' | 'audit' | 'operation';
