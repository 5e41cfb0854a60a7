'use strict'

const { handleApiError } = require('@app-connect/core/lib/errorHandler')
const api = require('./api')

const toAppointment = ({ id, subject, body, due_at, status, person_id }) => ({
  id: id.toString(), thirdPartyAppointmentId: id, title: subject, summary: body, startTimeUtc: due_at, durationMinutes: 30, status, contactId: person_id,
})

const pathOf = id => `/activities/${encodeURIComponent(id)}`

async function listAppointments({ range, ...given }) {
  const { items } = await api.get(given, '/activities', { limit: 500 })
  const isWithin = at => (!range?.startDate || at >= Date.parse(range.startDate)) && (!range?.endDate || at <= Date.parse(range.endDate))
  return { successful: true, appointments: items.filter(({ type, due_at }) => type === 'task' && isWithin(Date.parse(due_at))).map(toAppointment) }
}

async function createAppointment({ payload, ...given }) {
  const [contact] = payload.contacts ?? []
  try {
    const made = await api.post(given, '/activities', {
      type: 'task', subject: payload.title, body: payload.summary, due_at: payload.startTimeUtc, status: 'open', person_id: contact?.id ?? contact ?? null,
    })
    return { successful: true, appointmentId: made.id, appointment: toAppointment(made) }
  } catch (error) {
    return handleApiError(error, 'Acme', 'createAppointment')
  }
}

async function updateAppointment({ appointmentId, patchBody, ...given }) {
  const { title, summary, startTimeUtc } = patchBody
  return { successful: true, appointment: toAppointment(await api.patch(given, pathOf(appointmentId), { subject: title, body: summary, due_at: startTimeUtc })) }
}

async function refreshAppointment({ appointmentId, ...given }) {
  try {
    return { successful: true, appointment: toAppointment(await api.get(given, pathOf(appointmentId))) }
  } catch (error) {
    if (api.isNotFound(error)) return { successful: false, returnMessage: { message: 'The appointment is gone.', messageType: 'warning', ttl: 3000 } }
    throw error
  }
}

const settle = status => async ({ appointmentId, ...given }) => ({ successful: true, appointment: toAppointment(await api.patch(given, pathOf(appointmentId), { status })) })

module.exports = {
  listAppointments, createAppointment, updateAppointment, refreshAppointment, confirmAppointment: settle('open'), cancelAppointment: settle('cancelled'),
}
