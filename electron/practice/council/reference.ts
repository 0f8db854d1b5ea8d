const lgslCodes: Readonly<Record<string, readonly number[]>> = {
  BN: [69, 70, 190, 1795],
  CT: [57, 58, 59, 60, 61, 63, 1763],
  EH: [412, 431],
  HO: [112, 139, 140, 141, 146, 1714],
  ST: [372, 557, 561, 564, 582, 587, 600, 793],
  TP: [273, 274, 279, 280, 474],
  WR: [524, 528, 530, 533, 1130, 1423],
}

const prefixes = new Map(
  Object.entries(lgslCodes).flatMap(([prefix, codes]) =>
    codes.map((code): [number, string] => [code, prefix]),
  ),
)

/** Two letters of the service area, by LGSL code; other services are general enquiries. */
export const referencePrefix = (serviceCode: number) => prefixes.get(serviceCode) ?? 'GE'

/** `WR-2026-004217`: numbers run by prefix and year. */
export const formatReference = (prefix: string, year: number, number: number) =>
  `${prefix}-${year}-${String(number).padStart(6, '0')}`
