import { readFile } from 'node:fs/promises'
import { expect, it } from '@jest/globals'
import pg from 'pg'
import { createPostgresDatabase, hasPostgres } from './testing/postgres.js'

const itWithPostgres = hasPostgres ? it : it.skip

itWithPostgres('docs/phone-numbers.md holds SQL that PostgreSQL takes, and answers from the index', async () => {
  const text = await readFile(new URL('../../../docs/phone-numbers.md', import.meta.url), 'utf8')
  const statements = [...text.matchAll(/^```sql\n([^]*?)^```/gm)].flatMap(([, code = '']) => code.split(';\n')).filter(statement => statement.trim() !== '')
  expect(statements).toHaveLength(5)
  const database = await createPostgresDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('CREATE TABLE contacts (id bigint, name text, phone text)')
    await client.query(`INSERT INTO contacts SELECT n, 'Contact ' || n, '0413 ' || n FROM generate_series(100000, 199999) n`)
    for (const statement of statements.filter(each => !each.startsWith('SELECT'))) await client.query(statement)
    await client.query(`UPDATE contacts SET phone_e164 = '+31413' || id`)
    await client.query('ANALYZE contacts')
    for (const [index, statement] of statements.filter(each => each.startsWith('SELECT')).entries()) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`)
      expect(rows.map(row => row['QUERY PLAN']).join('\n')).toContain(['contacts_phone_e164', 'contacts_phone_digits'][index])
    }
    await expect(client.query(`UPDATE contacts SET phone_e164 = '0413 741741'`)).rejects.toThrow(/check constraint/)
  } finally {
    await client.end()
    await database.drop()
  }
})
