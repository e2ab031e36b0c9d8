import { Ended, exitCodes, usageError } from './errors.ts'
import type { Session } from './session.ts'

/** Asks before something goes on, not with `--plan` as none of these does; without a terminal, or with `--yes`, it goes on. Enter alone says `preset`. */
export async function confirm(session: Session, question: string, preset: boolean): Promise<void> {
  if (session.yes || session.plan || !session.interactive) return
  await confirmOnTerminal(session, question, preset)
}

/** Asks before something is lost; without a terminal `--yes` is required. */
export async function confirmLoss(session: Session, question: string): Promise<void> {
  if (session.yes || session.plan) return
  if (!session.interactive)
    throw usageError(`This needs a confirmation: ${question}`, 'Add --yes to go on without being asked.')
  await confirmOnTerminal(session, question, false)
}

/** Asks for a word to be typed before something is lost for good; without a terminal `--yes` is required. */
export async function confirmTyping(session: Session, question: string, word: string): Promise<void> {
  if (session.yes || session.plan) return
  if (!session.interactive)
    throw usageError(`This needs a confirmation: ${question}`, 'Add --yes to go on without being asked.')
  const typed = await askText(session, `${question} To go on, type ${word}`)
  if (typed.trim() !== word) throw stopped(session)
}

/**
 * Asks for a name to be typed before much is lost; without a terminal `--confirm NAME` is required. `--yes` is not
 * enough: it is typed too easily.
 */
export async function confirmByName(session: Session, question: string, name: string, given?: string): Promise<void> {
  if (given === name || session.plan) return
  const flag = `Add --confirm ${name} to go on without being asked.`
  if (given !== undefined) throw usageError(`--confirm ${given} is not the name of what is lost.`, flag)
  if (!session.interactive) throw usageError(`This needs a confirmation: ${question}`, flag)
  const typed = await askText(session, `${question} Type ${name} to go on.`)
  if (typed.trim() !== name) throw stopped(session)
}

/** Asks for a line of text; Enter alone takes the preset. Needs a terminal. */
export async function askText(session: Session, message: string, preset?: string): Promise<string> {
  const { text, isCancel } = await import('@clack/prompts')
  const answer = await text({ message, placeholder: preset, defaultValue: preset, output: process.stderr })
  if (isCancel(answer)) throw stopped(session)
  return answer ?? ''
}

/** Asks for a secret without showing it; needs a terminal. */
export async function askSecret(session: Session, message: string): Promise<string> {
  if (!session.interactive) {
    throw usageError(
      'There is no terminal to ask for the value.',
      'Give it on stdin with `-`, or with --from-file FILE.',
    )
  }
  const { password, isCancel } = await import('@clack/prompts')
  const answer = await password({ message, output: process.stderr })
  if (isCancel(answer)) throw stopped(session)
  return answer
}

/** Asks on the terminal; anything but yes ends the command. */
export async function confirmOnTerminal(session: Session, message: string, initialValue: boolean): Promise<void> {
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({ message, initialValue, output: process.stderr })
  if (answer !== true) throw stopped(session)
}

function stopped(session: Session): Ended {
  session.err.write('Stopped; nothing was changed.\n')
  return new Ended(exitCodes.interrupted)
}
