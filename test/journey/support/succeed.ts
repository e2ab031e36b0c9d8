import { wildCli } from '../../../lab/demo/journey.ts'
import { root } from '../../world.ts'

/** Runs `wild-cli` as a person would and resolves to what it printed; throws when it ends with anything but 0. */
export async function succeed(world: Parameters<typeof wildCli>[1], ...args: string[]): Promise<string> {
  const { code, output } = await wildCli(root, world, args)
  if (code) throw new Error(`${args.join(' ')} ended with ${code}: ${output}`)
  return output
}
