import { type Params, runCommand } from './commands.ts'
import type { Lan } from './lan.ts'
import { victimOf } from './life.ts'
import type { Reached } from './reach.ts'
import { RpcError } from './rpc-error.ts'

/** Does a command on a reached machine, with the faults that were ordered. Throws RpcError. */
export type Perform = (reached: Reached, command: string, params?: Params) => Promise<unknown>

export interface Performer {
  perform: Perform
  /** Lets go of every call that a fault holds. */
  release(): void
}

/** The one way in which commands reach machines, whichever door they come through. */
export function createPerformer(lan: Lan): Performer {
  const hanging = new Set<() => void>()
  const hang = (): Promise<void> => {
    lan.touch()
    return new Promise((wake) => hanging.add(wake))
  }
  return {
    perform: async (reached, command, params = {}) => {
      const { record, facts } = reached.machine
      const victim = victimOf(record.number, facts)
      if (lan.faults.strike('hang', victim, command)) await hang()
      if (lan.faults.strike('refuse', victim, command))
        throw new RpcError('Unavailable', 'the lab was told to refuse this call')
      return runCommand(lan, reached, command, params)
    },
    release: () => {
      for (const wake of hanging) wake()
      hanging.clear()
    },
  }
}
