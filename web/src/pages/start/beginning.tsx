import { A } from '@solidjs/router'
import { start } from '../../strings/start.ts'
import { PageHeader } from '../../ui/parts.tsx'
import { NameForm } from './name.tsx'
import { Stepper } from './stepper.tsx'

/** The first screen: what this is, and the first two questions. */
export function Beginning(props: { first: boolean }) {
  return (
    <>
      <div class="contours card px-6 py-10 sm:px-10 mb-6">
        <PageHeader title={start.title} about={start.about} />
        <Stepper at="name" reached="name" />
        <p class="text-sm mt-5">
          <A class="link" href="/help/getting-started">
            {start.newHere}
          </A>
        </p>
      </div>
      <NameForm first={props.first} />
    </>
  )
}
