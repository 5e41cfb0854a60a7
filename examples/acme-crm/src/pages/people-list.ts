import type { Person } from '../crm/people.js'
import { html, type Html } from './html.js'

export interface PeopleList {
  readonly people: readonly Person[]
  readonly search: string
  readonly nextCursor: string | null
  readonly isFirstPage: boolean
}

export function peopleList({ people, search, nextCursor, isFirstPage }: PeopleList): Html {
  const searchPart = search === '' ? '' : `q=${encodeURIComponent(search)}&`
  return html`<div class="head">
<h1>People</h1>
<form method="get" action="/people" role="search" class="search">
<label class="hidden" for="q">Name or phone number</label>
<input id="q" name="q" type="search" placeholder="Name or phone number" value="${search}">
<button type="submit">Search</button>
</form>
</div>
${people.length === 0 ? html`<p class="card empty">Nobody found.</p>` : table(people)}
<nav class="paging" aria-label="Pages">
${isFirstPage ? null : html`<a href="/people?${searchPart}">First page</a>`}
${nextCursor === null ? null : html`<a href="/people?${searchPart}cursor=${nextCursor}" rel="next">Next page</a>`}
</nav>`
}

function table(people: readonly Person[]): Html {
  return html`<div class="card flush"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Company</th><th scope="col">Phone</th><th scope="col">E-mail</th></tr></thead>
<tbody>${people.map((person) => html`
<tr>
<th scope="row"><a href="/people/${person.id}"><bdi>${person.name || 'Unnamed'}</bdi></a></th>
<td><bdi>${person.company_name}</bdi></td>
<td class="number">${person.phones[0]?.number}</td>
<td>${person.email}</td>
</tr>`)}</tbody>
</table></div>`
}
