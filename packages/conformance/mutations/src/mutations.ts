import { callLogMutations } from './call-log-mutations.js'
import { conductMutations } from './conduct-mutations.js'
import { contactMutations } from './contact-mutations.js'
import { messageAndTaskMutations } from './message-and-task-mutations.js'
import type { Mutation } from './mutation.js'

export const mutations: readonly Mutation[] = [...contactMutations, ...callLogMutations, ...messageAndTaskMutations, ...conductMutations]
