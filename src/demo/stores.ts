/** The demo retailer's shops and who may see them. Weights, multipliers and subject ids are those of R133. */
export interface DemoRegion {
  readonly slug: string;
  readonly name: string;
}

export interface DemoStore {
  readonly slug: string;
  readonly name: string;
  readonly location: string;
  readonly region: string;
  readonly online: boolean;
  /** Opening day, YYYY-MM-DD. */
  readonly opened: string;
  /** Leads the store's order numbers. */
  readonly code: string;
  readonly areaCodes: readonly [string, ...string[]];
  /** The subject that sees this store and no other; the header x-rls-user-id of a development set-up. */
  readonly subject: string;
  /** Share of all customers. */
  readonly customerWeight: number;
  /** Orders of one customer, compared with other stores. */
  readonly orderFrequency: number;
  /** Value of one order, compared with a store of 1. */
  readonly orderValue: number;
}

export const REGIONS: readonly DemoRegion[] = [
  { slug: 'puget-sound', name: 'Puget Sound' },
  { slug: 'eastern-washington', name: 'Eastern Washington' },
  { slug: 'online', name: 'Online' },
];

export const STORES: readonly DemoStore[] = [
  {
    slug: 'seattle',
    name: 'Zava Retail Seattle',
    location: '2140 Westlake Ave N, Seattle, WA 98109',
    region: 'puget-sound',
    online: false,
    opened: '2009-04-18',
    code: 'SEA',
    areaCodes: ['206'],
    subject: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    customerWeight: 30,
    orderFrequency: 3.0,
    orderValue: 1.3,
  },
  {
    slug: 'bellevue',
    name: 'Zava Retail Bellevue',
    location: '1320 130th Ave NE, Bellevue, WA 98005',
    region: 'puget-sound',
    online: false,
    opened: '2011-09-10',
    code: 'BEL',
    areaCodes: ['425'],
    subject: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    customerWeight: 25,
    orderFrequency: 2.6,
    orderValue: 1.2,
  },
  {
    slug: 'tacoma',
    name: 'Zava Retail Tacoma',
    location: '3715 S Tacoma Way, Tacoma, WA 98409',
    region: 'puget-sound',
    online: false,
    opened: '2012-03-24',
    code: 'TAC',
    areaCodes: ['253'],
    subject: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
    customerWeight: 20,
    orderFrequency: 2.4,
    orderValue: 1.1,
  },
  {
    slug: 'spokane',
    name: 'Zava Retail Spokane',
    location: '7420 N Division St, Spokane, WA 99208',
    region: 'eastern-washington',
    online: false,
    opened: '2014-05-03',
    code: 'SPO',
    areaCodes: ['509'],
    subject: 'd8e9f0a1-b2c3-4567-8901-234567890abc',
    customerWeight: 8,
    orderFrequency: 2.0,
    orderValue: 1.0,
  },
  {
    slug: 'everett',
    name: 'Zava Retail Everett',
    location: '1610 SE Everett Mall Way, Everett, WA 98208',
    region: 'puget-sound',
    online: false,
    opened: '2015-10-17',
    code: 'EVE',
    areaCodes: ['425', '360'],
    subject: '3b9ac9fa-cd5e-4b92-a7f2-b8c1d0e9f2a3',
    customerWeight: 7,
    orderFrequency: 1.8,
    orderValue: 0.95,
  },
  {
    slug: 'redmond',
    name: 'Zava Retail Redmond',
    location: '17210 Redmond Way, Redmond, WA 98052',
    region: 'puget-sound',
    online: false,
    opened: '2017-04-08',
    code: 'RED',
    areaCodes: ['425'],
    subject: 'e7f8a9b0-c1d2-3e4f-5678-90abcdef1234',
    customerWeight: 6,
    orderFrequency: 1.6,
    orderValue: 0.9,
  },
  {
    slug: 'kirkland',
    name: 'Zava Retail Kirkland',
    location: '12540 Totem Lake Blvd NE, Kirkland, WA 98034',
    region: 'puget-sound',
    online: false,
    opened: '2018-06-16',
    code: 'KIR',
    areaCodes: ['425'],
    subject: '9c8b7a65-4321-fed0-9876-543210fedcba',
    customerWeight: 4,
    orderFrequency: 1.4,
    orderValue: 0.85,
  },
  {
    slug: 'online',
    name: 'Zava Retail Online',
    location: 'Fulfillment center, 1905 Frager Rd S, Kent, WA 98032',
    region: 'online',
    online: true,
    opened: '2016-02-01',
    code: 'WEB',
    areaCodes: ['206', '425', '253', '360', '509'],
    subject: '2f4e6d8c-1a3b-5c7e-9f0a-b2d4f6e8c0a2',
    customerWeight: 30,
    orderFrequency: 3.0,
    orderValue: 1.5,
  },
];

export interface DemoSubject {
  readonly subject: string;
  readonly slug: string;
  readonly displayName: string;
  readonly scope: 'all' | 'region' | 'store';
  /** Slug of the region or store it is granted. */
  readonly granted?: string;
}

/** Everyone who may call: each store, and two people above the stores. */
export const SUBJECTS: readonly DemoSubject[] = [
  ...STORES.map(({ subject, slug, name }) => ({
    subject,
    slug,
    displayName: name,
    scope: 'store' as const,
    granted: slug,
  })),
  {
    subject: '4d2f8a06-b1c7-4e3a-9f58-6c0e7d91b3a4',
    slug: 'head-office',
    displayName: 'Zava Head Office',
    scope: 'all',
  },
  {
    subject: '8e61c5d3-07fa-4b29-a4d6-2b9f30e8c715',
    slug: 'puget-sound-manager',
    displayName: 'Puget Sound Regional Manager',
    scope: 'region',
    granted: 'puget-sound',
  },
];
