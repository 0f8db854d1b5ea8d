import type { NotReadyReason, Role } from '#shared/contract/rest.ts'
import { practiceCouncilName } from '#shared/practice/cast.ts'

/** What practice mode's council is, apart from its residents and cases. All of it is fictional. */
export const profile = {
  name: practiceCouncilName,
  website: 'https://wexcombe.example.org',
  // Social care and safeguarding; then what people say of their safety, health or family elsewhere.
  enhanced: {
    services: [209, 266, 731],
    fields: [
      { service: 58, names: ['addressToKeepPrivate', 'safePhone', 'householdNeeds'] },
      { service: 59, names: ['emptyWhy', 'adultsNotCounted', 'homeAdapted'] },
      { service: 70, names: ['addressToKeepPrivate', 'safePhone', 'reasonForDelay', 'noticeToLeave'] },
      {
        service: 112,
        names: ['safePhone', 'safeTime', 'atRiskOfHarm', 'whereNow', 'householdNeeds', 'reason'],
      },
      { service: 141, names: ['healthAffected', 'householdNeeds', 'visitNeeds'] },
      { service: 279, names: ['seriousIllness', 'qualifyingAwards', 'difficulty'] },
      { service: 353, names: ['harm', 'whatHappened', 'feltDiscrimination'] },
      { service: 412, names: ['danger', 'effects', 'household'] },
      { service: 1795, names: ['safety', 'fundReason', 'foodNotes'] },
    ],
  },
}

/**
 * Facts that scripts quote by name, as an adviser says them. Names ending in Days or Weeks are numbers
 * alone: languages put other words round them.
 */
export const facts: Readonly<Record<string, string>> = {
  binOutBy: '6.30 in the morning',
  roundsFinishBy: '4pm',
  missedBinReportDays: '2',
  missedBinReturnWorkingDays: '2',
  recyclingAccepts:
    'paper, card, tins, cans, glass bottles and jars, and plastic bottles, pots, tubs and trays',
  callBackWorkingDays: '2',
  bulkyWastePrice: '£38 for up to 5 items',
  gardenWastePrice: '£52 a year',
  containerDeliveryWorkingDays: '10',
  recyclingCentreHours: '8 in the morning to 6 in the evening, every day',
  streetLightRepairWorkingDays: '5',
  potholeInspectionWorkingDays: '3',
  housingRepairEmergencyHours: '24',
  housingRepairRoutineWorkingDays: '20',
  councilTaxReplyWorkingDays: '10',
  blueBadgeDecisionWeeks: '12',
  complaintReplyWorkingDays: '10',
  outOfHoursPhone: '01632 960 900',
  contactCentrePhone: '0808 157 0100',
  staffSupport: '0808 157 0160, day and night, in confidence',
  contactCentreHours: '8 in the morning to 6 in the evening, Monday to Friday',
}

export interface PracticeQueue {
  readonly id: string
  readonly name: string
  readonly dialledNumber: string
  /** Used when published, else another script is. */
  readonly preferredScriptId: string
}

export const queues: readonly PracticeQueue[] = [
  {
    id: 'waste',
    name: 'Waste and recycling',
    dialledNumber: '+448081570101',
    preferredScriptId: 'missed-bin',
  },
  {
    id: 'council-tax',
    name: 'Council Tax',
    dialledNumber: '+448081570102',
    preferredScriptId: 'council-tax-payment-difficulty',
  },
  { id: 'housing', name: 'Housing', dialledNumber: '+448081570103', preferredScriptId: 'housing-repair' },
  {
    id: 'general',
    name: 'General enquiries',
    dialledNumber: '+448081570100',
    preferredScriptId: 'general-enquiry',
  },
]

/** Opens when a queue's own script is not published. */
export const fallbackScriptId = 'missed-bin'

export interface PracticeAdviser {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly languages: readonly ('en' | 'cy')[]
  readonly queueIds: readonly string[]
}

export const practicePassword = 'practice-only'

const allQueues = queues.map(({ id }) => id)

export const advisers: readonly PracticeAdviser[] = [
  {
    id: 'adviser-sam',
    username: 'sam.practice',
    name: 'Sam Practice',
    languages: ['en'],
    queueIds: allQueues,
  },
  {
    id: 'adviser-nia',
    username: 'nia.practice',
    name: 'Nia Practice',
    languages: ['en', 'cy'],
    queueIds: allQueues,
  },
  {
    id: 'adviser-jo',
    username: 'jo.practice',
    name: 'Jo Practice',
    languages: ['en'],
    queueIds: ['waste', 'general'],
  },
]

interface PracticeStaff extends PracticeAdviser {
  readonly roles: readonly Role[]
}

/** Played by this program, who can be rung too; Morgan's account is for a person at a desk. */
export const supervisorOnDuty: PracticeStaff = {
  id: 'supervisor-bethan',
  username: 'bethan.supervisor',
  name: 'Bethan Marsh',
  languages: ['en'],
  queueIds: [],
  roles: ['supervisor'],
}

/** Accounts of people who answer no calls. */
export const staff: readonly PracticeStaff[] = [
  supervisorOnDuty,
  {
    id: 'editor-ash',
    username: 'ash.editor',
    name: 'Ash Calder',
    languages: ['en'],
    queueIds: [],
    roles: ['editor'],
  },
  {
    id: 'editor-lowri',
    username: 'lowri.editor',
    name: 'Lowri Penn',
    languages: ['en', 'cy'],
    queueIds: [],
    roles: ['editor', 'approver'],
  },
  {
    id: 'approver-robin',
    username: 'robin.approver',
    name: 'Robin Hale',
    languages: ['en'],
    queueIds: [],
    roles: ['approver'],
  },
  {
    id: 'supervisor-morgan',
    username: 'morgan.supervisor',
    name: 'Morgan Reeve',
    languages: ['en'],
    queueIds: [],
    roles: ['supervisor'],
  },
  {
    id: 'auditor-ellis',
    username: 'ellis.auditor',
    name: 'Ellis Ward',
    languages: ['en'],
    queueIds: [],
    roles: ['auditor'],
  },
]

export const dispositions = [
  { code: 'case-raised', label: 'Case raised' },
  { code: 'existing-case-chased', label: 'Existing case chased' },
  { code: 'information-given', label: 'Information given' },
  { code: 'resolved-at-first-contact', label: 'Resolved at first contact' },
  { code: 'callback-arranged', label: 'Call back arranged' },
  { code: 'signposted', label: 'Signposted elsewhere' },
  { code: 'transferred', label: 'Transferred' },
  { code: 'identity-not-confirmed', label: 'Identity not confirmed' },
  { code: 'wrong-number', label: 'Wrong number' },
  { code: 'caller-hung-up', label: 'Caller hung up' },
]

/** Limits are the council's rules for its own advisers; work away from the telephone has none. */
export const notReadyReasons: NotReadyReason[] = [
  { code: 'break', label: 'Break', limitMinutes: 15 },
  { code: 'lunch', label: 'Lunch', limitMinutes: 60 },
  { code: 'training', label: 'Training' },
  { code: 'meeting', label: 'Meeting' },
  { code: 'admin', label: 'Admin' },
  { code: 'technical-problem', label: 'Technical problem' },
  { code: 'do-not-disturb', label: 'Do not disturb: no direct calls either' },
]

/** How long the call records of the telephone are kept. */
export const callHistoryDays = 100

export const wrapUpSeconds = 60
export const cacheLeaseDays = 14
