import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCommand, type CommandOptions } from '../testing/processes.js'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'linefinder-phones-')) })
afterAll(() => rm(folder, { recursive: true }))

const clean = (args: string[], options?: CommandOptions) => runCommand(['phones', 'clean', ...args], {}, options)
const inDutch = ['--column', 'phone', '--country', 'NL']

/** Writes a file into the folder and returns its path. */
async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}
const bytesOf = (path: string) => readFile(path, 'latin1')
const temporaryFiles = async () => (await readdir(folder)).filter(name => name.endsWith('.tmp'))

/** A byte order mark, quotes that need not be, a field over two lines, both line ends, Latin-1, and rows that are not like the others. */
const contacts = Buffer.from('\xEF\xBB\xBFid,"name",phone,note\r\n1,"Jansen, ""Piet""",(0413) 741-741,"a\nb"\r\n2,Andr\xE9,"+31 413 741742",\n\r\n3,Ann,204,x\n4,Bob\n5,Cor,+31413741743,x', 'latin1')
const cleaned = contacts.toString('latin1').replace('(0413) 741-741', '+31413741741').replace('+31 413 741742', '+31413741742')

describe('a CSV file', () => {
  it('has its numbers cleaned and no other byte changed, and the second time not one', async () => {
    const [first, second, report] = [join(folder, 'first.csv'), join(folder, 'second.csv'), join(folder, 'left.csv')]
    const run = await clean([await file('contacts.csv', contacts), ...inDutch, '--output', first, '--report', report])
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(run.stderr.split('\n')[0]).toBe('6 rows: 2 cleaned, 1 clean already, 0 empty, 2 left as they are')
    expect(run.stderr).toMatch(/\n +1 {2}internal +an internal number/)
    expect(run.stderr).not.toContain('\r')
    expect(await bytesOf(first)).toBe(cleaned)
    expect(await bytesOf(report)).toBe('line,column,value,reason\n6,phone,204,internal\n7,,,wrong_field_count\n')

    const again = await clean([first, ...inDutch, '--output', second, '--report', report, '--force'])
    expect(again.stderr.split('\n')[0]).toBe('6 rows: 0 cleaned, 3 clean already, 0 empty, 2 left as they are')
    expect(await bytesOf(second)).toBe(cleaned)
    expect(await bytesOf(report)).toBe('line,column,value,reason\n6,phone,204,internal\n7,,,wrong_field_count\n')
  }, 60_000)

  it('may have another delimiter and several columns, and get one for extensions', async () => {
    const text = 'mobile;phone\n06-12345678;0413 741741 x5\n;030 1234567\n'
    expect((await clean(['--column', 'phone', '--column', 'mobile', '--country', 'NL', '--delimiter', ';'], { stdin: text })).stdout)
      .toBe('mobile;phone\n+31612345678;0413 741741 x5\n;+31301234567\n')
    expect((await clean([...inDutch, '--delimiter', ';', '--extension-column', 'ext', '--to', 'rfc3966'], { stdin: text })).stdout)
      .toBe('mobile;phone;ext\n06-12345678;tel:+31413741741;5\n;tel:+31301234567;\n')
    const tabs = await file('contacts.tsv', 'phone\text\n0413 741741 x5\t\n0413 741741 x5\t6\n')
    const { code, stdout } = await clean([tabs, ...inDutch, '--extension-column', 'ext', '--strict'])
    expect(stdout).toBe('phone\text\n+31413741741\t5\n0413 741741 x5\t6\n')
    expect(code).toBe(2)
  }, 60_000)
})

describe('a pipe', () => {
  it('is CSV, or NDJSON when it begins with a brace', async () => {
    expect(await clean(inDutch, { stdin: 'id,phone\n1,0413741741\n' })).toMatchObject({ code: 0, stdout: 'id,phone\n1,+31413741741\n' })
    expect(await clean([...inDutch, '--to', 'digits'], { stdin: '\n {"phone":"0413741741"}\n' })).toMatchObject({ code: 0, stdout: '\n {"phone":"31413741741"}\n' })
    expect(await clean([...inDutch, '--format', 'csv'], { stdin: '{,phone\nx,0413741741\n' })).toMatchObject({ code: 0, stdout: '{,phone\nx,+31413741741\n' })
  }, 60_000)

  it('may be closed by its reader, which is no failure', async () => {
    const rows = `phone\n${'0413741741\n'.repeat(50_000)}`
    expect(await clean(inDutch, { stdin: rows, onStart: child => { child.stdout?.once('data', () => { child.stdout?.destroy() }) } })).toMatchObject({ code: 0, stderr: '' })
  }, 60_000)
})

describe('--in-place', () => {
  it('replaces the file behind a link, keeps its mode, and does not touch one that is clean', async () => {
    const path = await file('own.csv', contacts)
    await chmod(path, 0o640)
    await symlink(path, join(folder, 'link.csv'))
    expect((await clean([join(folder, 'link.csv'), ...inDutch, '--in-place'])).code).toBe(0)
    expect(await bytesOf(path)).toBe(cleaned)
    const { mode, ino } = await stat(path)
    expect(mode & 0o777).toBe(0o640)
    expect((await clean([path, ...inDutch, '--in-place'])).code).toBe(0)
    expect((await stat(path)).ino).toBe(ino)
    expect(await temporaryFiles()).toEqual([])
  }, 60_000)

  it('leaves the file as it was when its end is no good CSV', async () => {
    const broken = `${'id,phone\n'}${'1,0413741741\n'.repeat(50_000)}2,"0413`
    const path = await file('broken.csv', broken)
    expect(await clean([path, ...inDutch, '--in-place'])).toMatchObject({ code: 1, stderr: 'A quote is never closed in the record that begins at line 50002.\n' })
    expect(await bytesOf(path)).toBe(broken)
    expect(await temporaryFiles()).toEqual([])
  }, 60_000)

  it('leaves the file as it was when it is stopped', async () => {
    const rows = `id,phone\n${'1,0413741741\n'.repeat(400_000)}`
    const path = await file('long.csv', rows)
    const { code, stderr } = await clean([path, ...inDutch, '--in-place'], {
      onStart(child) {
        // Once it has begun to write.
        const look = async () => {
          if ((await temporaryFiles()).length > 0) child.kill('SIGINT')
          else if (child.exitCode === null) setImmediate(() => { void look() })
        }
        void look()
      },
    })
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Stopped. No file was changed.\n' })
    expect(await bytesOf(path)).toBe(rows)
    expect(await temporaryFiles()).toEqual([])
  }, 60_000)
})

describe('what is there', () => {
  it('is not overwritten without --force, and never by itself', async () => {
    const [path, other] = [await file('mine.csv', 'phone\n0413741741\n'), await file('other.csv', 'precious')]
    expect(await clean([path, ...inDutch, '--output', other])).toMatchObject({ code: 1, stderr: `"${other}" exists already; --force overwrites it.\n` })
    expect(await clean([path, ...inDutch, '--report', other])).toMatchObject({ code: 1, stderr: `"${other}" exists already; --force overwrites it.\n` })
    expect(await bytesOf(other)).toBe('precious')
    expect((await clean([path, ...inDutch, '--output', path, '--force'])).stderr).toContain('--in-place replaces it')
    expect((await clean([path, ...inDutch, '--output', other, '--force'])).code).toBe(0)
    expect(await bytesOf(other)).toBe('phone\n+31413741741\n')
    expect(await bytesOf(path)).toBe('phone\n0413741741\n')
  }, 60_000)
})

describe('what is wrong with the command is told in a sentence', () => {
  it.each([
    [['nowhere.csv', ...inDutch], '"nowhere.csv" does not exist.'],
    [['--column', 'tel'], 'There is no column "tel". The columns are: id, phone.'],
    [['--column', 'phone', '--country', 'ZZ'], 'It is no country.'],
    [['--column', 'phone', '--to', 'national'], '--to national needs --country'],
    [['--column', 'phone', '--delimiter', ';'], 'There is no column "phone". The columns are: id,phone. If they are parted by something else: --delimiter ","'],
  ])('%j', async (args, sentence) => {
    const run = await clean(args, { stdin: 'id,phone\n1,0413741741\n' })
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) })
    expect(run.stderr).not.toContain('    at ')
  }, 60_000)

  it('for files of other kinds too', async () => {
    expect((await clean(inDutch, { stdin: '[{"phone":"1"}]' })).stderr).toContain('is a JSON array')
    expect((await clean(inDutch, { stdin: Buffer.from('\uFEFFphone\n1\n', 'utf16le') })).stderr).toBe('The file is UTF-16. Save it as UTF-8.\n')
    expect((await clean(inDutch)).stderr).toBe('The file is empty: its first row must name the columns.\n')
    expect((await clean(['--column', 'tel'], { stdin: '{"phone":"1"}\n' })).stderr).toContain('No line has a member "tel". The first one has: phone.')
  }, 60_000)
})
