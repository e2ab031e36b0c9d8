import { expect, test } from 'vitest'
import { bcrypt } from './bcrypt.ts'

test.each([
  ['U*U', 0x00, '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['', 0x00, '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
])('the published hash of %j comes out', (password, _, expected) => {
  const salt = Buffer.from('10410410410410410410410410410410', 'hex')
  expect(bcrypt(Buffer.from(password), 5, salt)).toBe(expected)
})

test('two hashes of one password differ in their salt', () => {
  expect(bcrypt(Buffer.from('secret'), 4)).not.toBe(bcrypt(Buffer.from('secret'), 4))
})
