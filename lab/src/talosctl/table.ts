import type { Command } from './command.ts'
import { fileCommands } from './file-commands.ts'
import { nodeCommands } from './node-commands.ts'
import { powerCommandTable } from './power-commands.ts'

/** Every command the stand-in has, with exactly the flags of the real tool. */
export const commands: Command[] = [...fileCommands, ...nodeCommands, ...powerCommandTable]

/** Commands that went away in 1.11, with what to use instead. */
export const removed: Record<string, string> = {
  disks: 'talosctl get disks',
  interfaces: 'talosctl get links',
  routes: 'talosctl get routes',
}
