import * as z from 'zod'
import { announce } from '../parts/announce.js'
import { ContactBook } from './contact-book.js'
import { CrmRecords } from './crm-records.js'
import { startCrmServer } from './crm-server.js'

const { contacts, seed } = z.object({ contacts: z.int(), seed: z.int() }).parse(JSON.parse(process.argv[2] ?? ''))
const { host } = await startCrmServer(new CrmRecords(new ContactBook(seed), contacts))
announce(host)
