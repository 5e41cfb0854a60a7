import type { Activity, Customer } from './customer.js'
import { openJournal, type Journal } from './journal.js'

export type NewCustomer = Pick<Customer, 'name' | 'company' | 'email' | 'phones'> & Partial<Pick<Customer, 'isActive' | 'createdAt' | 'changedAt'>>
export type NewActivity = Omit<Activity, 'no' | 'createdAt'>

/** Everything that the CRM knows, in memory, and in its journal where it has one. */
export class Records {
  readonly #journal: Journal
  readonly #customers = new Map<number, Customer>()
  readonly #activities: Activity[] = []

  constructor(file?: string) {
    this.#journal = openJournal(file)
    for (const { what: _, ...record } of this.#journal.lines) {
      if ('no' in record) this.#activities.push(record)
      else this.#customers.set(record.id, record)
    }
  }

  /** By id, which is the order in which they were made. */
  get customers(): Customer[] {
    return [...this.#customers.values()]
  }

  get activities(): readonly Activity[] {
    return this.#activities
  }

  customer(id: number): Customer | undefined {
    return this.#customers.get(id)
  }

  addCustomer({ isActive = true, createdAt = Date.now(), changedAt = createdAt, ...rest }: NewCustomer): Customer {
    return this.#keep({ id: this.#customers.size + 1, ...rest, isActive, createdAt, changedAt })
  }

  changeCustomer(customer: Customer, changes: Partial<Omit<Customer, 'id'>>): Customer {
    return this.#keep({ ...customer, changedAt: Date.now(), ...changes })
  }

  addActivity(added: NewActivity): Activity {
    const activity = { no: 500 + this.#activities.length + 1, ...added, createdAt: Date.now() }
    this.#activities.push(activity)
    this.#journal.append({ what: 'activity', ...activity })
    return activity
  }

  #keep(customer: Customer): Customer {
    this.#customers.set(customer.id, customer)
    this.#journal.append({ what: 'customer', ...customer, phones: [...customer.phones] })
    return customer
  }
}
