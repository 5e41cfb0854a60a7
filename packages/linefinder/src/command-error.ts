/** Something that whoever typed the command can put right. The message is all that they are shown. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}
