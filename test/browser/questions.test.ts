import { describe, expect, it } from 'vitest'
import { clickIsEnough, destructiveFlows } from './destructive-flows.ts'
import { askedIn, dangerousQuestions } from './questions.ts'
import type { WebWorld } from './web-world.ts'

/** Only their names are read here; what they do is in destructive.test.ts. */
const flows = destructiveFlows(() => undefined as unknown as WebWorld)
const asked = dangerousQuestions()
const askers = (typed: boolean) => asked.filter((each) => each.typed === typed).map(({ by }) => by)

describe('a question of the web app', () => {
  it('that wants a word typed is one of those that are walked in a browser, and the other way round', () => {
    expect(askers(true).sort()).toEqual(flows.map(({ by }) => by).sort())
  })

  it('that is told as a danger and wants none has a reason why a click is enough', () => {
    expect([...new Set(askers(false))].sort()).toEqual(Object.keys(clickIsEnough).sort())
  })

  it('is found by the function that asks it, also where its parts stand apart', () => {
    const source = 'async function burn() { const last = { danger: true }; await confirm({ ...last, word: name }) }'
    expect(askedIn('a.tsx', source)).toEqual([
      { by: 'a.tsx burn', typed: false },
      { by: 'a.tsx burn', typed: true },
    ])
  })
})
