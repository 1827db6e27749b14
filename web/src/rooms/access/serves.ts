/** How the keys of an institution's own customers begin, as the server takes them. */
const servePattern = /^(account:[A-Z]{2}:[^:]{1,40}:.{0,34}|phone:\+[0-9]{1,15})$/;

/** One a line, each once; those that the server would not take apart. */
export function readServes(text: string): { serves: string[]; wrong: string[] } {
  const lines = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
  return {
    serves: lines.filter((line) => servePattern.test(line)),
    wrong: lines.filter((line) => !servePattern.test(line)),
  };
}
