import { count, inLanguage } from './language.ts'

/** The list of operations, and the page of one. */
export const operationsText = inLanguage({
  en: {
    title: 'Operations',
    about: 'Everything long that was asked for, by whom and how it went. Open one to see its steps and log.',
    list: 'Operations, newest first',
    instance: 'Instance',
    everyInstance: 'Every instance',
    type: 'Type',
    everyType: 'Every type',
    status: 'Status',
    everyStatus: 'Every status',
    none: 'Nothing here yet',
    noneLikeThat: 'None like that',
    noneAbout: 'Operations appear as soon as something is set up, installed or deployed.',
    shown: (number: number, all: boolean) =>
      all ? count(number, 'operation') : `The newest ${number}; older ones come as you scroll.`,
    askedBy: (via: string) => `asked by ${via}`,
    views: 'What of it',
    steps: 'Steps and log',
    timeline: 'Timeline',
    timelineAbout: 'When each step ran and for how long. What was done already takes no time and has no bar.',
    timelineEmpty: 'No step has begun yet.',
    began: (after: string, took: string, state: string) => `began after ${after}, ${took}, ${state}`,
    help: {
      operation: 'Operation',
      steps: 'Steps',
      log: (number: number) => `Last ${count(number, 'line')} of the log`,
      next: 'Advice given',
    },
  },
})
