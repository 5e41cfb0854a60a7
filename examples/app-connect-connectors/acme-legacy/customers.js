'use strict'

const { childText } = require('./xml')
const { ask, queryOf } = require('./api')

/** Dutch area codes of three digits; the others have four. */
const areas = '010 013 015 020 023 024 026 030 033 035 036 038 040 043 045 046 050 053 055 058 070 071 072 073 074 075 076 077 078 079 085 088'.split(' ')

/** `020/5550199`, abroad `0044/2079460018`. */
function toFormat(phoneNumber) {
  const digits = phoneNumber.replace(/[^\d+]/g, '')
  if (/^\+31\d{9}$/.test(digits)) {
    const national = `0${digits.slice(3)}`
    const length = national.startsWith('06') ? 2 : areas.includes(national.slice(0, 3)) ? 3 : 4
    return `${national.slice(0, length)}/${national.slice(length)}`
  }
  const [, code, rest] = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(\d{4,})$/.exec(digits) ?? []
  return code ? `00${code}/${rest}` : null
}

const fromRow = ({ attributes: { id, name, company, phone1, phone2 } }) => {
  const phones = [phone1, phone2].filter(Boolean)
  return { id: id.toString(), name, company, type: 'customer', phone: phones[0], phones, additionalInfo: null }
}

async function search(given, params) {
  const query = queryOf(params)
  if (query === null) return []
  const { children } = await ask(given, '/customers/search', { query })
  return children.filter(({ attributes }) => attributes.active === 'J').map(fromRow)
}

async function findContact({ user, phoneNumber, isExtension }) {
  const phone = isExtension === 'true' ? null : toFormat(phoneNumber)
  const contacts = phone === null ? [] : await search({ user }, { phone })
  if (contacts.length === 0) return { successful: false, matchedContactInfo: [], returnMessage: { message: 'Nobody has this number.', messageType: 'info', ttl: 3000 } }
  return { successful: true, matchedContactInfo: contacts }
}

async function findContactWithName({ user, name }) {
  return { successful: true, matchedContactInfo: await search({ user }, { name }) }
}

async function createContact({ user, phoneNumber, newContactName, additionalSubmission }) {
  const phone = toFormat(phoneNumber) ?? phoneNumber
  const { children: [customer] } = await ask({ user }, '/customers', {
    form: { name: newContactName, company: additionalSubmission?.company ?? '', email: additionalSubmission?.email ?? '', phone },
  })
  return { contactInfo: { id: customer.attributes.id.toString(), name: childText(customer, 'name') } }
}

module.exports = { findContact, findContactWithName, createContact }
