import type { Mutation } from './mutation.js'

export const userMutations: readonly Mutation[] = [
  { name: 'users-first-page', bug: 'lists the first page of users', file: 'list-users.ts', from: 'cursor = page.next_cursor', to: 'cursor = null' },
  { name: 'users-page-twice', bug: 'lists the first page of users once more', file: 'list-users.ts',
    from: 'cursor = page.next_cursor', to: "if (found.length === page.items.length) found.push(...found)\n    cursor = page.next_cursor" },
  { name: 'users-without-mail', bug: 'forgets the e-mail addresses of users', file: 'list-users.ts', from: 'name, email, ...(account', to: 'name, ...(account' },
  { name: 'users-by-mail', bug: 'takes a user’s address for the id', file: 'list-users.ts', from: 'crmUserId.parse(id)', to: 'crmUserId.parse(email)' },
  { name: 'users-first-names', bug: 'names users by their first names', file: 'list-users.ts', from: 'id: crmUserId.parse(id), name,', to: "id: crmUserId.parse(id), name: name.split(' ')[0]," },
  { name: 'users-me-only', bug: 'lists whoever is connected, and nobody else', file: 'list-users.ts',
    from: 'for (const { id, name, email } of page.items)', to: 'for (const { id, name, email } of page.items.filter(each => each.id === connection.user?.id))' },
  { name: 'users-hide-failures', bug: 'takes a failed list for its end', file: 'list-users.ts',
    from: "(await http.get('/users', { params: { limit: 200, cursor } })).data", to: "(await http.get('/users', { params: { limit: 200, cursor } }).catch(() => ({ data: { items: [], next_cursor: null } }))).data" },
  { name: 'users-remembered', bug: 'keeps the users in the module', file: 'list-users.ts', atTop: 'const found = []',
    from: '  const found: CrmUser[] = []\n', to: '' },
  { name: 'owner-forgotten', bug: 'logs under whoever is connected', file: 'mapping.ts', from: '  agent: log => ownerOf(log),\n', to: '' },
]
