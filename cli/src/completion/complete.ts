import type { Command, Option } from 'commander'
import type { Candidate, GivenOptions, ValueSource } from './model.ts'

/** Where the cursor is: the command the words name, and what was given to it. */
interface Place {
  command: Command
  positionals: string[]
  options: GivenOptions
  /** The option whose value comes next. */
  waiting?: Option
  /** After `--` nothing is an option. */
  ended: boolean
}

/**
 * What may stand where the cursor is: commands, options, or values, beginning with what was typed. `typed` are the
 * words after `wild-cli`, quoted as in a shell; the last one is the one at the cursor. All of it follows from the
 * command tree; `valuesOf` knows the values of an argument by its name. `files` asks the shell for names of files.
 */
export async function complete(
  program: Command,
  typed: string[],
  valuesOf: ValueSource,
): Promise<Candidate[] | 'files'> {
  const words = typed.map(unquote)
  const current = words.pop() ?? ''
  const place = findPlace(program, words)
  const found = await candidates(place, current, valuesOf)
  return found === 'files' ? found : found.filter(({ value }) => value.startsWith(current))
}

async function candidates(place: Place, current: string, valuesOf: ValueSource): Promise<Candidate[] | 'files'> {
  const { command, positionals, options, waiting, ended } = place
  const names = namesOf(command)
  if (waiting) return optionValues(waiting)
  if (!ended && current.startsWith('-')) {
    const [flag, value] = splitOption(current)
    if (value === undefined) return flags(command, options)
    const option = optionNamed(command, flag)
    const values = option && !option.isBoolean() ? await optionValues(option) : []
    return values === 'files' ? values : values.map(({ value: text, about }) => ({ value: `${flag}=${text}`, about }))
  }
  if (command.commands.length > 0) return positionals.length ? [] : commandsBelow(command)
  const argument = command.registeredArguments.at(Math.min(positionals.length, command.registeredArguments.length - 1))
  if (!argument || (positionals.length >= command.registeredArguments.length && !argument.variadic)) return []
  if (argument.argChoices) return argument.argChoices.map((value) => ({ value }))
  const values = await valuesOf({ ...given(), argument: argument.name() })
  return values === 'files' ? values : values.filter(({ value }) => !argument.variadic || !positionals.includes(value))

  function given() {
    return { command: names, positionals, options }
  }

  async function optionValues(option: Option): Promise<Candidate[] | 'files'> {
    if (option.argChoices) return option.argChoices.map((value) => ({ value }))
    const [, argument] = /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags) ?? []
    return argument ? valuesOf({ ...given(), argument }) : []
  }
}

/** Reads the words before the cursor as commander will. */
function findPlace(program: Command, words: string[]): Place {
  const place: Place = { command: program, positionals: [], options: new Map(), ended: false }
  for (const [index, word] of words.entries()) {
    if (place.waiting) {
      place.options.set(place.waiting.attributeName(), word)
      place.waiting = undefined
    } else if (!place.ended && word === '--') {
      place.ended = true
    } else if (!place.ended && word.startsWith('-') && word.length > 1) {
      const [flag, value] = splitOption(word)
      const option = optionNamed(place.command, flag)
      if (option) place.options.set(option.attributeName(), value ?? '')
      if (option?.required && value === undefined) place.waiting = option
    } else if (!(index === 0 && word === 'help')) {
      const below = place.positionals.length ? undefined : commandNamed(place.command, word)
      if (below) place.command = below
      else place.positionals.push(word)
    }
  }
  return place
}

function commandNamed(command: Command, word: string): Command | undefined {
  return command.commands.find((each) => each.name() === word || each.aliases().includes(word))
}

function commandsBelow(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), about: each.description() }))
}

/** The long form of each option that the help shows and that was not given yet. */
function flags(command: Command, options: GivenOptions): Candidate[] {
  const help = command.createHelp()
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
    .filter((option) => !options.has(option.attributeName()) || option.description.includes('repeatable'))
    .map((option) => ({ value: option.long ?? option.short ?? '', about: option.description }))
}

function optionNamed(command: Command, flag: string): Option | undefined {
  const found = command.options.find(({ long, short }) => flag === long || flag === short)
  return found ?? (command.parent ? optionNamed(command.parent, flag) : undefined)
}

/** `config history show`: the words that name a command. */
function namesOf(command: Command): string {
  return command.parent ? `${namesOf(command.parent)} ${command.name()}`.trim() : ''
}

function splitOption(word: string): [flag: string, value?: string] {
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? []
  return flag === undefined ? [word] : [flag, value]
}

/** A word as the shell would pass it on; the last quote may still be open. */
export function unquote(word: string): string {
  let text = ''
  let quote = ''
  for (let at = 0; at < word.length; at++) {
    const letter = word[at]!
    if (letter === '\\' && quote !== "'") text += word[++at] ?? ''
    else if (quote ? letter === quote : letter === '"' || letter === "'") quote = quote ? '' : letter
    else text += letter
  }
  return text
}
