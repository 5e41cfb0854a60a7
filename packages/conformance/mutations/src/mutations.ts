import { callLogMutations } from './call-log-mutations.js'
import { conductMutations } from './conduct-mutations.js'
import { contactMutations } from './contact-mutations.js'
import { messageAndTaskMutations } from './message-and-task-mutations.js'
import type { Mutation } from './mutation.js'
import { userMutations } from './user-mutations.js'

export const mutations: readonly Mutation[] = [...contactMutations, ...userMutations, ...callLogMutations, ...messageAndTaskMutations, ...conductMutations]
