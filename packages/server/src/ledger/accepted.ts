/** An entry that somebody said something of. */
export interface Accepted<Resource> {
  readonly resource: Resource
  readonly isCreated: boolean
  /** The CRM has what was said, or something newer. */
  readonly isDelivered: boolean
}

/** 201 or 200 when the CRM has it, 202 when it is kept and the CRM will be told. */
export const statusOf = ({ isCreated, isDelivered }: Accepted<unknown>): number => !isDelivered ? 202 : isCreated ? 201 : 200
