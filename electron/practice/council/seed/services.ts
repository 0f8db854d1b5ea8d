import type { ServiceStory } from './service-story.ts'
import { generalServices } from './services-general.ts'
import { moneyAndHomeServices } from './services-money-home.ts'
import { wasteServices } from './services-waste.ts'

export const services: readonly ServiceStory[] = [
  ...wasteServices,
  ...moneyAndHomeServices,
  ...generalServices,
]
