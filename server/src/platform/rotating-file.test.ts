import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRotatingFile } from './rotating-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wild-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a rotating file', () => {
  it('puts a full file aside, keeps the newest ones, and loses no line of those', () => {
    const file = openRotatingFile(join(folder, 'a.log'), { largest: 100, kept: 2 })
    for (let number = 0; number < 60; number++) file.write(`line ${String(number).padStart(2, '0')}\n`)
    file.close()
    expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2'])
    const text = ['a.log.2', 'a.log.1', 'a.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('')
    const numbers = text
      .trim()
      .split('\n')
      .map((line) => Number(line.slice(5)))
    expect(numbers).toEqual(numbers.map((_number, index) => 60 - numbers.length + index))
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100)
  })

  it('goes on with the file that is there, private to the daemon', () => {
    for (const text of ['one\n', 'two\n']) {
      const file = openRotatingFile(join(folder, 'b.log'))
      file.write(text)
      file.close()
    }
    expect(readFileSync(join(folder, 'b.log'), 'utf8')).toBe('one\ntwo\n')
    expect(statSync(join(folder, 'b.log')).mode & 0o777).toBe(0o600)
  })
})
