import { describeSchedules } from '#tests/support/sim-suite.ts'

/* The other half of the schedules, beside the first on the other core. */
describeSchedules(2, 2)
