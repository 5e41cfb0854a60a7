/** What the seeded people are made of, by country. */
export interface Country {
  readonly firstNames: readonly string[]
  readonly lastNames: readonly string[]
  readonly companies: readonly string[]
  /** As people type them; each # becomes a digit. */
  readonly mobile: readonly string[]
  readonly landline: readonly string[]
}

export const countries: readonly Country[] = [
  {
    firstNames: ['Sanne', 'Daan', 'Fleur', 'Bram', 'Lotte', 'Sjoerd', 'Maud', 'Gijs', 'Noor', 'Ruben'],
    lastNames: ['van den Berg', 'Bakker', "in 't Veld", 'Jansen', 'Visser', 'de Boer', 'van Dijk', 'Smit', 'Mulder', "d'Hondt"],
    companies: ['Bakkerij De Gouden Aar', 'Van Dijk Transport BV', 'Fietsenmaker Smit'],
    mobile: ['06 ## ## ## ##', '06-########', '+31 6 ########', '0031 6 #### ####', '06########'],
    landline: ['(0413) ###-###', '+31 (0)413-### ###', '020 - ### ## ##', '0413-######', '+3120#######'],
  },
  {
    firstNames: ['Jürgen', 'Anke', 'Björn', 'Käthe', 'Uwe', 'Heike', 'Matthias', 'Sabine'],
    lastNames: ['Müller', 'Großmann', 'Schäfer', 'von der Heide', 'Köhler', 'Weiß', 'Lehmann'],
    companies: ['Großmann & Söhne GmbH', 'Elbe Logistik AG'],
    mobile: ['0171 / ### ## ##', '+49 171 #######', '0151-########'],
    landline: ['030 / ### ###', '(089) ######', '+49 (0)40 / ### ##-#'],
  },
  {
    firstNames: ['Chloé', 'Hélène', 'Benoît', 'François', 'Zoé', 'Étienne', 'Amélie'],
    lastNames: ["L'Hermitte", 'Lefèvre', 'Beaupré', "D'Aubigné", 'Garçon', 'Moreau'],
    companies: ['Boulangerie Lefèvre', 'Société Générale de Vélos'],
    mobile: ['06 ## ## ## ##', '06.##.##.##.##', '+33 6 ## ## ## ##'],
    landline: ['01.##.##.##.##', '+33 (0)1 ## ## ## ##', '04 ## ## ## ##'],
  },
  {
    firstNames: ['Oliver', 'Siobhán', 'Harriet', 'Callum', 'Imogen', 'Rhys'],
    lastNames: ["O'Neill", 'Smith', 'MacDonald', 'Featherstonehaugh', 'Ap Gwilym', 'Clarke-Jones'],
    companies: ['Clarke-Jones Solicitors', 'Thames Plumbing Ltd'],
    mobile: ['07700 9#####', '+44 7700 9#####', '07700-9##-###'],
    landline: ['020 7946 0###', '020 7946 0### ext. 2##', '+44 (0)20 7946 0###'],
  },
  {
    firstNames: ['Maria', 'DeShawn', 'Emily', 'José', 'Kaitlyn', 'Tyler'],
    lastNames: ["O'Brien", 'Washington', 'Nguyen', 'García-López', 'Miller', 'St. John'],
    companies: ['Liberty Roofing Inc.', 'Sunset Dental Group'],
    mobile: ['(917) 555-01##', '917.555.01##', '+1 917-555-01##'],
    landline: ['(212) 555-01##', '212-555-01## x4##', '1-212-555-01##'],
  },
  {
    firstNames: ['Wout', 'Élodie', 'Joren', 'Fien'],
    lastNames: ['Peeters', 'Maes', 'Vanden Broucke', 'Dupont'],
    companies: ['Brouwerij Maes & Zonen'],
    mobile: ['0470 ## ## ##', '+32 470 ## ## ##', '0470/##.##.##'],
    landline: ['02 ### ## ##', '+32 (0)9 ### ## ##'],
  },
  {
    firstNames: ['Íñigo', 'Lucía', 'Begoña', 'Martín'],
    lastNames: ['Núñez', 'Peña Ibáñez', 'de la Cruz', 'Gutiérrez'],
    companies: ['Aceites Núñez SL'],
    mobile: ['6## ## ## ##', '+34 6## ### ###'],
    landline: ['91 ### ## ##', '(+34) 93 ### ## ##'],
  },
  {
    firstNames: ['Łukasz', 'Małgorzata', 'Żaneta', 'Grzegorz'],
    lastNames: ['Wiśniewski', 'Kowalczyk', 'Brzęczyszczykiewicz', 'Dąbrowska'],
    companies: ['Dąbrowska Meble'],
    mobile: ['6## ### ###', '+48 6## ### ###'],
    landline: ['(22) ### ## ##', '+48 22 ### ## ##'],
  },
  {
    firstNames: ['Jack', 'Matilda', 'Lachlan', 'Ruby'],
    lastNames: ['Kelly', "O'Sullivan", 'Nguyen', 'Tjapaltjarri'],
    companies: ['Outback Solar Pty Ltd'],
    mobile: ['0491 570 1##', '+61 491 570 1##'],
    landline: ['(02) 5550 ####', '+61 2 5550 ####'],
  },
  {
    firstNames: ['Aarav', 'Lakshmi', 'प्रिया', 'Sanjay'],
    lastNames: ['Sharma', 'Iyer', 'Chattopadhyay', 'Reddy'],
    companies: ['Reddy Textiles Pvt. Ltd.'],
    mobile: ['98### #####', '+91 98### #####', '098########'],
    landline: ['022-2### ####', '+91 (22) 2### ####'],
  },
  {
    firstNames: ['محمد', 'יעל', 'Yusuf', 'فاطمة'],
    lastNames: ['العمري', 'כהן', 'Al-Sayed 🐪', 'حداد'],
    companies: ['شركة النور', 'Café ☕ Zonneschijn'],
    mobile: ['050-### ####', '+971 50 ### ####', '+972 50-###-####'],
    landline: ['04 ### ####', '+971 4 ### ####'],
  },
]

export const titles = ['Owner', 'Office manager', 'Buyer', 'Bookkeeper', 'Planner', 'Director', null] as const
