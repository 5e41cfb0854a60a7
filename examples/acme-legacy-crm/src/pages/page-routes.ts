import { Router } from 'express'
import { fromThisMachine } from '../control/this-machine.js'
import { users, type Activity, type Customer } from '../records/customer.js'
import type { Records } from '../records/records.js'
import { html, type Html } from './html.js'

const policy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'`

/** For a person to look at: the customers, and what was logged with each of them. There is nothing to click but links. */
export function pageRoutes(records: Records): Router {
  const router = Router()
  router.use(fromThisMachine, (_request, response, next) => {
    response.set({ 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' })
    next()
  })

  router.get('/', (_request, response) => { response.redirect('/customers') })

  router.get('/customers', (_request, response) => {
    response.send(page('Customers', html`<table><thead><tr><th>No.<th>Name<th>Company<th>Phones<th>Calls<tbody>
${records.customers.map((customer) => row(customer, activitiesOf(customer)))}</table>`))
  })

  router.get('/customers/:id', (request, response, next) => {
    const customer = records.customer(Number(request.params.id))
    if (customer === undefined) next()
    else response.send(page(customer.name, record(customer, activitiesOf(customer))))
  })

  const activitiesOf = ({ id }: Customer) => records.activities.filter(({ customerId }) => customerId === id)
  return router
}

const row = ({ id, name, company, phones, isActive }: Customer, activities: readonly Activity[]): Html =>
  html`<tr${isActive ? '' : html` class="gone"`}><td>${id}<td><a href="/customers/${id}">${name}</a><td>${company}<td>${phones.join(', ')}<td>${activities.length}`

const record = ({ company, phones }: Customer, activities: readonly Activity[]): Html => html`<p>${company} ${phones.join(', ')}</p>
${activities.length === 0 ? html`<p>Nothing logged yet.</p>` : [...activities].reverse().map(entry)}
<p><a href="/customers">All customers</a></p>`

const entry = ({ no, kind, date, userId, text }: Activity): Html =>
  html`<article><h2>${no} ${kind} ${date} ${users.find(({ id }) => id === userId)?.name ?? ''}</h2><pre>${text}</pre></article>`

const page = (title: string, content: Html): string => html`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title} - Acme Legacy</title>
<style>
body { font: 14px/1.4 "Courier New", monospace; background: #008080; margin: 2rem; }
main { background: #d4d0c8; border: 2px outset #fff; padding: 1rem 1.5rem; max-width: 62rem; }
h1 { font-size: 1.1rem; background: #000080; color: #fff; margin: -1rem -1.5rem 1rem; padding: .3rem 1.5rem; }
h2 { font-size: 1rem; margin: 0; } article { background: #fff; border: 2px inset #fff; padding: .5rem .8rem; margin-bottom: .8rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0 0; } table { background: #fff; border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #808080; padding: .2rem .5rem; text-align: left; } .gone { color: #808080; }
</style>
<main><h1>${title}</h1>
${content}
</main></html>
`.toString()
