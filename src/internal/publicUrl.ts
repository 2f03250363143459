/**
 * URLs that may be logged.
 */

/** A URL without the password that may stand in it. */
export const publicUrl = (url: string): string => url.replace(/\/\/[^/]*@/, "//")
