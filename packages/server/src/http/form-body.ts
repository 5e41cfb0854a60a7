import express, { type RequestHandler } from 'express'

export const formMediaTypes = ['application/x-www-form-urlencoded']
/** A form of ours has a few short fields. */
const maxBytes = 64 * 1024

/** What a browser sends of a form, as a flat object. Throws `body_too_large` by way of `answerProblems`. */
export const readForm = (): RequestHandler => express.urlencoded({ extended: false, limit: maxBytes, type: formMediaTypes })
