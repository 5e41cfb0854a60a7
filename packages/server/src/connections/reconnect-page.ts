import type { Response } from 'express'
import { factsOf, type Field } from '@linefinder/core'
import type { ApiError } from '../http/api-error.js'
import { sendPage } from '../http/browser-page.js'

/** Before the name of a field of the auth form, so that it cannot be taken for one of the page's own. */
export const fieldPrefix = 'field.'

export interface ReconnectForm {
  readonly host: string
  readonly userName: string
  readonly fields: readonly Field[]
  readonly formToken: string
  /** Why it is shown again. */
  readonly problem: ApiError | null
}

/** The fields of an auth form for a person. They are empty also when it is shown again: what was filled in is not sent back. */
export function sendReconnectForm(response: Response, { host, userName, fields, formToken, problem }: ReconnectForm): void {
  sendPage(response, {
    status: problem ? factsOf(problem.code).status : 200,
    title: 'Connect again',
    hasForm: true,
    body: ({ escape }) => `
      <p>${escape(host)} no longer accepts what ${escape(userName)} connected with.</p>
      ${problem ? `<p role="alert"><strong>${escape(complaintOf(problem, fields))}</strong></p>` : ''}
      <form method="post" autocomplete="off">
        <input type="hidden" name="form_token" value="${escape(formToken)}">
        ${fields.map(field => `
        <label>${escape(field.label)}
          <input name="${fieldPrefix}${escape(field.name)}" type="${field.secret ? 'password' : 'text'}" autocomplete="off"${field.required ? ' required' : ''}${attribute('placeholder', field.placeholder, escape)}${attribute('pattern', field.pattern, escape)}>
        </label>${field.help === undefined ? '' : `<p class="small">${escape(field.help)}</p>`}`).join('')}
        <button type="submit">Connect</button>
      </form>`,
  })
}

export function sendReconnectedPage(response: Response): void {
  sendPage(response, {
    status: 200,
    title: 'Connected again',
    body: () => '<p>What has waited for the CRM goes out now. You can close this window.</p>',
  })
}

const attribute = (name: string, value: string | undefined, escape: (text: string) => string): string =>
  value === undefined ? '' : ` ${name}="${escape(value)}"`

function complaintOf({ code, details: { errors = [] } }: ApiError, fields: readonly Field[]): string {
  const wrong = errors.map(({ pointer, message }) => `${fields.find(({ name }) => pointer === `/fields/${name}`)?.label ?? 'A field'} ${message}.`)
  const { title, advice } = factsOf(code)
  return wrong.length > 0 ? wrong.join(' ') : `${title}. ${advice}`
}
