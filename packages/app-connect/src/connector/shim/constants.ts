/** `lib/constants`. */
export const constants = { LOG_DETAILS_FORMAT_TYPE: { PLAIN_TEXT: 'text/plain', HTML: 'text/html', MARKDOWN: 'text/markdown' } } as const
