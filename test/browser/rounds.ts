import type { Page, Request, Route } from 'playwright-core'

/** What a page asks the daemon, told apart by words and variables: asking the same again is a look for news. */
const question = (request: Request): string => request.postData() ?? request.url()

const isQuestion = (url: URL): boolean => url.pathname === '/graphql' || url.pathname.startsWith('/api/')

/**
 * Goes to a page inside the app and counts the rounds of questions it needs: all answers are held back until nothing
 * more is asked, then given at once, and so on. A question that only comes after an answer makes another round. Load of
 * the machine changes nothing here. The page's code has to be there already.
 */
export async function roundsOf(page: Page, path: string): Promise<string[][]> {
  const asked = new Set<string>()
  const rounds: string[][] = []
  let held: Route[] = []
  const hold = (route: Route): void => {
    held.push(route)
  }
  await page.route(isQuestion, hold)
  await page.evaluate(
    `(() => { const link = document.createElement('a'); link.href = ${JSON.stringify(path)}; document.body.append(link); link.click(); link.remove() })()`,
  )
  await page.waitForURL((url) => url.pathname + url.search === path)
  for (await settled(page); held.length; await settled(page)) {
    const round = held
    held = []
    const fresh = round.map((route) => question(route.request())).filter((each) => !asked.has(each))
    for (const each of fresh) asked.add(each)
    if (fresh.length) rounds.push(fresh)
    const answered = round.map((route) => page.waitForResponse((response) => response.request() === route.request()))
    await Promise.all(round.map((route) => route.continue()))
    await Promise.all(answered.map(async (response) => (await response).finished()))
  }
  await page.unroute(isQuestion, hold)
  return rounds
}

/** Everything the page does of itself after an answer is done: effects, drawing, and what those ask. */
async function settled(page: Page): Promise<void> {
  for (let turn = 0; turn < 3; turn++)
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))')
}
