import { createHash } from 'node:crypto'

const extensions: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3', 'audio/mp3': 'mp3', 'audio/wav': 'wav', 'audio/x-wav': 'wav', 'audio/wave': 'wav', 'audio/ogg': 'ogg', 'audio/opus': 'opus',
  'audio/mp4': 'm4a', 'audio/x-m4a': 'm4a', 'audio/aac': 'aac', 'audio/webm': 'webm', 'audio/flac': 'flac', 'video/mp4': 'mp4', 'video/webm': 'webm',
}

/** The same for the same recording: what signs its address differs each time, so only the address without its query counts. */
export function recordingFileName(externalId: string, url: string, contentType: string): string {
  const { origin, pathname } = new URL(url)
  const [, inPath] = /\.([A-Za-z0-9]{2,4})$/.exec(pathname) ?? []
  const place = createHash('sha256').update(origin + pathname).digest('hex').slice(0, 8)
  return `${externalId}-${place}.${extensions[contentType] ?? inPath?.toLowerCase() ?? 'bin'}`
}
