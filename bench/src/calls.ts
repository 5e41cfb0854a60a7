/** A call as a phone system tells of it, of the length that is usual; `n` makes it one of its own. */
export const callOf = (n: number) => ({
  direction: n % 2 === 0 ? 'inbound' : 'outbound',
  from: { number: `+3120${String(1_000_000 + n % 9_000_000)}`, name: 'Jansen Installatietechniek' },
  to: { number: '+31413741741', name: 'Ann de Wit', extension: '201' },
  startedAt: '2026-03-02T09:15:00+01:00',
  answeredAt: '2026-03-02T09:15:07+01:00',
  endedAt: '2026-03-02T09:17:05+01:00',
  durationSeconds: n % 600,
  result: 'answered',
  // So that nobody has to look for whose it is.
  contactId: `c${String(n % 1000)}`,
  subject: 'Call about an order',
  note: `Asked when order ${String(n)} will be there; wants to be called back in the afternoon, before five.`,
})

/** Of a call that a run writes. */
export const callIdOf = (run: string, n: number): string => `run-${run}-${String(n)}`

/** Of a call that was stored before anything was measured. */
export const storedCallId = (n: number): string => `stored-${String(n)}`

/** The same call as RingCentral's client tells of it. */
export function wireCallOf(sessionId: string, n: number) {
  const { from, to, startedAt, durationSeconds, contactId, subject, note, direction } = callOf(n)
  const party = ({ number, name }: { number: string; name: string }) => ({ phoneNumber: number, name })
  return {
    logInfo: {
      sessionId, telephonySessionId: `telephony-${sessionId}`, direction: direction === 'inbound' ? 'Inbound' : 'Outbound', from: party(from), to: { ...party(to), extensionNumber: to.extension },
      startTime: Date.parse(startedAt), duration: durationSeconds, result: 'Call connected', customSubject: subject,
    },
    note, additionalSubmission: {}, overridingFormat: [], contactId, contactType: 'Contact', contactName: from.name,
  }
}
