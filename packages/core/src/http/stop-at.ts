import { CrmError } from '../errors/crm-error.js'

/** An adapter that does not listen to its signal is left behind at the deadline all the same. */
export async function stopAt<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let stop: (() => void) | undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => { reject(new CrmError('timeout')) }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
  }
}
