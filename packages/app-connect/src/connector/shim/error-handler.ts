import type { ShimLogger } from './logger.js'

interface Failed {
  readonly message?: string
  readonly response?: { readonly status?: number }
}

const what: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  createCallLog: ['The call could not be logged', 'May your account create logs?'],
  updateCallLog: ['The call log could not be changed', 'Is the record still there, and may your account edit it?'],
  getCallLog: ['The call log could not be read', 'May your account read logs?'],
  createMessageLog: ['The message could not be logged', 'May your account create logs?'],
  updateMessageLog: ['The message log could not be changed', 'Is the record still there, and may your account edit it?'],
  findContact: ['Contacts could not be searched', 'May your account read contacts?'],
  findContactWithName: ['Contacts could not be searched', 'May your account read contacts?'],
  createContact: ['The contact could not be created', 'May your account create contacts?'],
  createAppointment: ['The appointment could not be created', 'May your account create appointments, and do all attendees have an e-mail address?'],
  updateAppointment: ['The appointment could not be changed', 'Is it still there, and may your account edit it?'],
  getAppointment: ['The appointment could not be read', 'May your account read appointments?'],
}

/** `lib/errorHandler`: a failure as the answer of a function. Its status goes along, so that it is not taken for another kind of failure. */
export const createErrorHandler = (logger: ShimLogger) => {
  const getOperationErrorMessage = (operation: string, _platform: string) => {
    const [message, text] = what[operation] ?? [`${operation} failed`, 'May your account do this?']
    return { message, messageType: 'warning', details: [{ title: 'Details', items: [{ id: 1, type: 'text', text }] }], ttl: 5000 }
  }
  return {
    getOperationErrorMessage,
    handleApiError(error: Failed, platform: string, operation: string, context: object = {}) {
      const statusCode = error.response?.status ?? 'unknown'
      logger.error(`${operation} failed`, { platform, statusCode, ...context })
      const message = statusCode === 429 ? `${platform} limits the number of requests. Try again later.`
        : typeof statusCode === 'number' && statusCode >= 400 && statusCode < 410 ? `${platform} does not allow this. Try to connect again.` : null
      const returnMessage = message === null ? getOperationErrorMessage(operation, platform) : { message, messageType: 'warning', ttl: 5000 }
      return { successful: false, returnMessage, extraDataTracking: { statusCode } }
    },
    handleDatabaseError(error: Failed, operation: string, context: object = {}) {
      logger.error(operation, { errorMessage: error.message, ...context })
      return { successful: false, returnMessage: { message: 'What is kept for this connection could not be stored', messageType: 'warning', ttl: 5000 } }
    },
    asyncHandler: (handle: (...given: unknown[]) => unknown) => (...given: unknown[]) => {
      Promise.resolve(handle(...given)).catch(given[2] as (error: unknown) => void)
    },
    errorMiddleware(error: Failed & { readonly statusCode?: number }, _request: unknown, response: { status(code: number): { json(body: unknown): unknown } }) {
      logger.error('a request failed', { statusCode: error.statusCode ?? 500 })
      response.status(error.statusCode ?? 500).json({ successful: false, returnMessage: { message: 'Something went wrong', messageType: 'error', ttl: 5000 } })
    },
  }
}
