import type { Response } from 'express'
import type { ProblemCode } from '@linefinder/core'

/** Names the failure of an answer in plain text, whose body is empty. */
export const problemHeader = 'Linefinder-Problem'

/** For an endpoint of the format `text`. Failures follow. */
export function prepareForText(response: Response): void {
  response.locals['isInText'] = true
  response.setHeader('Cache-Control', 'no-store')
}

export const isInText = (response: Response): boolean => response.locals['isInText'] === true

/** `text/plain; charset=utf-8`, whatever the text looks like. */
export function sendText(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(text)
}

/** Without a body: Asterisk's CURL() and FreeSWITCH's mod_cidlookup show whatever comes as the caller's name, at any status. */
export function sendTextProblem(response: Response, status: number, code: ProblemCode): void {
  response.setHeader(problemHeader, code)
  response.status(status).end()
}
