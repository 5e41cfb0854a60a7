import { acme } from '@linefinder/adapter-acme'
import type { CrmAdapter } from '@linefinder/core'

const { findCallLog: _, ...rest } = acme

/** Acme's adapter, were there no way to look for an activity by our id. */
const withoutFind: CrmAdapter = { ...rest, id: 'acme' }
export default withoutFind
