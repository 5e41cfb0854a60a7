'use strict'

const { getAccountData } = require('@app-connect/core/lib/accountData')
const { getMostRecentDate } = require('@app-connect/core/lib/util')
const api = require('./api')

/** Acme compares digits: with the country's code, and as people of the country write it. A code has one to three digits. */
function spellings(phoneNumber) {
  const digits = phoneNumber.replace(/\D/g, '')
  if (!phoneNumber.startsWith('+')) return [digits]
  const national = [1, 2, 3].map(length => digits.slice(length)).filter(rest => rest.length >= 6)
  return [digits, `00${digits}`, ...national.flatMap((rest, index) => [`0${rest}`, rest, `${digits.slice(0, index + 1)}0${rest}`, `00${digits.slice(0, index + 1)}0${rest}`])]
}

async function toContact(given, person) {
  const dispositions = await getAccountData({ platform: 'acme', dataKey: 'dispositions', user: { rcAccountId: 'acme', ...given.user }, authHeader: given.authHeader })
  const phones = person.phones.map(({ number }) => number)
  return {
    id: person.id.toString(), name: person.name === '' ? phones[0] ?? person.id : person.name, type: 'person', phone: phones[0], phones,
    title: person.title ?? '', company: person.company_name ?? '', email: person.email ?? '',
    mostRecentActivityDate: getMostRecentDate({ allDateValues: [Date.parse(person.last_activity_at ?? person.created_at)] }),
    additionalInfo: { disposition: dispositions.map(({ value, label }) => ({ const: value, title: label })) },
  }
}

const createNew = { id: 'createNewContact', name: 'Create new contact...', additionalInfo: null, isNewContact: true }

async function findContact({ phoneNumber, overridingFormat, isExtension, ...given }) {
  // Extensions are nobody's number in Acme.
  if (isExtension === 'true') return { successful: true, matchedContactInfo: [createNew] }
  const formats = overridingFormat ? overridingFormat.split(',').map(format => fill(format, phoneNumber)) : []
  const wanted = [...new Set([...spellings(phoneNumber), ...formats])].filter(digits => digits !== '')
  const pages = await Promise.all(wanted.map(phone => api.get(given, '/people', { phone })))
  const people = pages.flatMap(page => page.items.filter(person => !person.deleted_at))
  const distinct = [...new Map(people.map(person => [person.id, person])).values()]
  const contacts = []
  for (const person of distinct) contacts.push(await toContact(given, person))
  return { successful: true, matchedContactInfo: [...contacts, createNew], extraDataTracking: { count: contacts.length } }
}

/** `(###) ###-####` with the last digits of the number. */
function fill(format, phoneNumber) {
  const digits = phoneNumber.replace(/\D/g, '').split('').reverse()
  return format.split('').reverse().map(letter => letter === '#' ? digits.shift() ?? '' : letter).reverse().join('').replace(/\D/g, '')
}

async function findContactWithName({ name, ...given }) {
  const { items } = await api.get(given, '/people', { name, limit: 50 })
  const contacts = []
  for (const person of items.filter(each => !each.deleted_at)) contacts.push(await toContact(given, person))
  return { successful: true, matchedContactInfo: contacts }
}

async function createContact({ phoneNumber, newContactName, additionalSubmission, ...given }) {
  const person = await api.post(given, '/people', { name: newContactName, email: additionalSubmission?.email, phones: [{ label: 'work', number: phoneNumber }] })
  return {
    contactInfo: { id: person.id.toString(), name: person.name },
    returnMessage: { message: 'Contact created.', messageType: 'success', ttl: 2000 },
  }
}

module.exports = { findContact, findContactWithName, createContact }
