import { currentScope } from './scope.js'

/** Notes each environment variable that is read within a scope by other code than Node and the libraries under `ctx`. Returns how to stop. */
export function watchEnvironment(): () => void {
  const real = process.env
  process.env = new Proxy(real, {
    get(target, name) {
      const scope = currentScope()
      if (scope && typeof name === 'string' && !isOfLibrary(readerOf(new Error().stack ?? ''))) scope.environment.push(name)
      return target[name as string]
    },
  })
  return () => { process.env = real }
}

/** The first line under the two of this file's own. */
const readerOf = (stack: string): string => stack.split('\n')[2] ?? ''

const isOfLibrary = (line: string): boolean =>
  /\(?node:|node_modules[\\/](axios|follow-redirects|proxy-from-env|debug|supports-color|form-data|libphonenumber-js|zod|jest|@jest|expect)/.test(line)
