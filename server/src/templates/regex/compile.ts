import { FunctionFailure } from '../errors.ts'
import type { Assertion, Ranges, RegexNode } from './nodes.ts'

/** One instruction of a compiled expression; targets are indexes of instructions. */
export type Instruction =
  | { op: 'set'; ranges: Ranges; negated: boolean; foldCase: boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { op: 'save'; slot: number }
  | { op: 'assert'; assertion: Assertion }
  | { op: 'match' }

const mostInstructions = 20_000

/** Turns a parsed expression into instructions. Throws FunctionFailure when there would be too many. */
export function compileRegex(root: RegexNode): Instruction[] {
  const program: Instruction[] = []
  emit(program, { type: 'group', index: 0, body: root })
  program.push({ op: 'match' })
  return program
}

function push(program: Instruction[], instruction: Instruction): number {
  if (program.length >= mostInstructions) {
    throw new FunctionFailure('error parsing regexp: expression too large')
  }
  return program.push(instruction) - 1
}

function emit(program: Instruction[], node: RegexNode): void {
  switch (node.type) {
    case 'empty':
      return
    case 'set':
      push(program, { op: 'set', ranges: node.ranges, negated: node.negated, foldCase: node.foldCase })
      return
    case 'assertion':
      push(program, { op: 'assert', assertion: node.assertion })
      return
    case 'group':
      push(program, { op: 'save', slot: node.index * 2 })
      emit(program, node.body)
      push(program, { op: 'save', slot: node.index * 2 + 1 })
      return
    case 'sequence':
      for (const part of node.parts) emit(program, part)
      return
    case 'choice':
      emitChoice(program, node.options)
      return
    case 'repeat':
      emitRepeat(program, node)
  }
}

function emitChoice(program: Instruction[], options: RegexNode[]): void {
  const jumps: number[] = []
  options.forEach((option, index) => {
    if (index === options.length - 1) {
      emit(program, option)
      return
    }
    const split = push(program, { op: 'split', first: program.length + 1, second: 0 })
    emit(program, option)
    jumps.push(push(program, { op: 'jump', to: 0 }))
    program[split] = { op: 'split', first: split + 1, second: program.length }
  })
  for (const at of jumps) program[at] = { op: 'jump', to: program.length }
}

function emitRepeat(program: Instruction[], node: Extract<RegexNode, { type: 'repeat' }>): void {
  for (let i = 0; i < node.least; i++) emit(program, node.body)
  if (!Number.isFinite(node.most)) {
    emitLoop(program, node.body, node.greedy)
    return
  }
  for (let i = node.least; i < node.most; i++) emitOptional(program, node.body, node.greedy)
}

function splitTo(body: number, end: number, greedy: boolean): Instruction {
  return greedy ? { op: 'split', first: body, second: end } : { op: 'split', first: end, second: body }
}

function emitLoop(program: Instruction[], body: RegexNode, greedy: boolean): void {
  const split = push(program, { op: 'split', first: 0, second: 0 })
  emit(program, body)
  push(program, { op: 'jump', to: split })
  program[split] = splitTo(split + 1, program.length, greedy)
}

function emitOptional(program: Instruction[], body: RegexNode, greedy: boolean): void {
  const split = push(program, { op: 'split', first: 0, second: 0 })
  emit(program, body)
  program[split] = splitTo(split + 1, program.length, greedy)
}
