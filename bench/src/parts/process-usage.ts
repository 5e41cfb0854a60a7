import { readFileSync } from 'node:fs'

/** Linux counts CPU time for user space in hundredths of a second on every platform that Node runs on (`man 5 proc`, USER_HZ). */
const msPerTick = 10

/** CPU time that the process has used, its threads included, in milliseconds; to 10 ms. `null` where there is no /proc. */
export function cpuMsOf(pid: number): number | null {
  const stat = readProc(pid, 'stat')
  // The name of the program stands in brackets and may hold anything. utime and stime are fields 14 and 15 of the line.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields ? (Number(fields[11]) + Number(fields[12])) * msPerTick : null
}

/** Memory of the process that is in RAM, in bytes. `null` where there is no /proc. */
export function rssBytesOf(pid: number): number | null {
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readProc(pid, 'status') ?? '') ?? []
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

export interface RssWatch {
  /** The most since the watch began, in bytes. */
  stop(): number | null
}

export function watchRss(pid: number, everyMs: number): RssWatch {
  let most = rssBytesOf(pid)
  const look = () => { most = most === null ? null : Math.max(most, rssBytesOf(pid) ?? 0) }
  const timer = setInterval(look, everyMs)
  return {
    stop() {
      clearInterval(timer)
      look()
      return most
    },
  }
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${String(pid)}/${name}`, 'utf8')
  } catch {
    return null
  }
}
