/** Whether a line of the log tells who comes or goes, which most tests are not about. */
export const isComingOrGoing = (line: string): boolean =>
  /listening on | connected with | has gone: | has a newer connection| is connected to | is not connected: /.test(line)
