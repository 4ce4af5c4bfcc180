import type { CatalogueCategory } from './category.ts';

/** Short days and cold nights: lamps and heaters from October to January. */
export const electrical: CatalogueCategory = {
  name: 'Electrical & Heating',
  share: 0.11,
  months: [1.1, 1.0, 0.9, 0.85, 0.85, 0.85, 0.9, 0.9, 1.0, 1.15, 1.25, 1.25],
  types: [
    {
      name: 'Wire & Boxes',
      products: [
        [
          'EL-6101',
          'NM-B Cable 12/2 with Ground, 50 ft',
          3520,
          'Solid copper in a yellow jacket for 20-amp kitchen, bath and garage circuits.',
        ],
        [
          'EL-6102',
          'NM-B Cable 14/2 with Ground, 100 ft',
          4890,
          'White-jacketed house wiring for 15-amp lighting and bedroom circuits.',
        ],
        [
          'EL-6103',
          'UF-B Direct Burial Cable 12/2, 50 ft',
          4470,
          'Gray cable that may lie in the ground without conduit, to a shed, pump or yard light.',
        ],
        [
          'EL-6104',
          'THHN Stranded Wire 12 AWG, Black 100 ft',
          2180,
          'Single conductor that pulls smoothly through conduit; buy a second color for the neutral.',
        ],
        [
          'EL-6105',
          'Old-Work Outlet Box, Single Gang',
          170,
          'Flip-out wings clamp to drywall, so you can add an outlet to a finished wall.',
        ],
        [
          'EL-6106',
          'New-Work Box, Two Gang Nail-On',
          240,
          'Plastic box with captive nails for paired switches in open framing.',
        ],
        [
          'EL-6107',
          'EMT Conduit 1/2 in. x 10 ft',
          520,
          'Thin-wall steel tube to protect exposed wiring in garages and basements. Bends with a hand bender.',
        ],
        [
          'EL-6108',
          'Wire Connectors, Assorted 100 Pack',
          780,
          'Twist-on caps in yellow, red and tan for joining two to five conductors.',
        ],
        [
          'EL-6109',
          'Lever Splice Connectors, 25 Pack',
          1120,
          'Lift the lever, insert a stripped wire, snap shut. Works for solid and stranded and can be reopened.',
        ],
      ],
    },
    {
      name: 'Outlets & Switches',
      products: [
        [
          'EL-6201',
          'Duplex Outlet 15 A, Tamper-Resistant White',
          130,
          'Shutters inside the slots keep children from poking things in, as code now asks in homes.',
        ],
        [
          'EL-6202',
          'GFCI Outlet 20 A, Self-Testing',
          1310,
          'Cuts the power in a fraction of a second when current leaks. Needed near sinks, tubs and outdoors.',
        ],
        [
          'EL-6203',
          'USB-C and USB-A Wall Outlet',
          1580,
          'Two grounded sockets plus 30 watts of USB charging in the space of an ordinary outlet.',
        ],
        [
          'EL-6204',
          'Single-Pole Rocker Switch, White',
          220,
          'Wide paddle switch for one light from one place, rated 15 amps.',
        ],
        [
          'EL-6205',
          'Three-Way Toggle Switch',
          310,
          'Used in pairs to control a stair or hall light from both ends.',
        ],
        [
          'EL-6206',
          'LED Dimmer Switch',
          1490,
          'Dims LED and incandescent lamps without flicker; a small dial behind the plate sets the lowest level.',
        ],
        [
          'EL-6207',
          'Motion Sensor Switch',
          1630,
          'Turns the light on when you walk into a laundry room and off after a delay you choose.',
        ],
        [
          'EL-6208',
          'Weatherproof In-Use Outlet Cover',
          960,
          'Clear bubble lid closes over a plugged-in cord so holiday lights can stay connected in the rain.',
        ],
      ],
    },
    {
      name: 'Breakers & Safety',
      products: [
        [
          'EL-6301',
          'Circuit Breaker 20 A, Single Pole',
          490,
          'One-inch plug-on breaker for common residential panels. Check the label in your panel door for the type.',
        ],
        [
          'EL-6302',
          'Arc-Fault Breaker 15 A',
          3270,
          'Trips on the crackle of a damaged cord before it starts a fire, for bedrooms and living areas.',
        ],
        [
          'EL-6303',
          'Whole-House Surge Protector',
          5860,
          'Wires into the panel and soaks up spikes that would take out refrigerators and furnace boards.',
        ],
        [
          'EL-6304',
          'Surge Strip, 8 Outlets 6 ft',
          1570,
          'Flat plug and widely spaced sockets for computer power bricks; 2,400 joules.',
        ],
        [
          'EL-6305',
          'Smoke and CO Alarm, 10-Year',
          2840,
          'Sealed battery lasts as long as the sensor. Says aloud which danger it has found.',
        ],
        [
          'EL-6306',
          'Non-Contact Voltage Tester',
          1030,
          'Hold the tip near a wire or socket: it lights and beeps if there is power.',
        ],
        [
          'EL-6307',
          'Digital Multimeter, Auto-Ranging',
          2410,
          'Measures volts, amps, ohms and continuity for appliance repair and car batteries.',
        ],
      ],
    },
    {
      name: 'Lighting',
      products: [
        [
          'EL-6401',
          'LED Bulbs A19, 60 W Equal, 8 Pack',
          1070,
          'Warm white at 2,700 kelvin for lamps and ceiling fixtures; draws nine watts each.',
        ],
        [
          'EL-6402',
          'LED Floodlight Bulb BR30, 6 Pack',
          1560,
          'Wide-beam dimmable reflectors for recessed cans in kitchens and basements.',
        ],
        [
          'EL-6403',
          'Recessed Light 6 in., Slim 4 Pack',
          3190,
          'Canless wafer lights with a junction box attached, thin enough to fit under a joist.',
        ],
        [
          'EL-6404',
          'LED Shop Light 4 ft, Linkable',
          2270,
          'Bright 5,000 lumen bar with a pull chain. Hang it over the bench or join several in a row.',
        ],
        [
          'EL-6405',
          'Under-Cabinet Light Bar 24 in.',
          1940,
          'Even light across the counter with no hot spots; plugs in or wires direct.',
        ],
        [
          'EL-6406',
          'Ceiling Fan with Light 52 in.',
          8350,
          'Five reversible blades and a remote. Run it backward in winter to push warm air down.',
        ],
        [
          'EL-6407',
          'Outdoor Wall Lantern, Black',
          2980,
          'Seeded-glass porch light with a dusk-to-dawn sensor, rated for wet locations.',
        ],
        [
          'EL-6408',
          'Motion Floodlight, Twin Head LED',
          3360,
          'Lights a driveway for up to seventy feet when someone approaches and adjusts for range and time.',
        ],
        [
          'EL-6409',
          'Rechargeable Work Light',
          2590,
          'Magnetic base, hook and 1,200 lumens for crawl spaces and roadside repairs. Charges a phone as well.',
        ],
      ],
    },
    {
      name: 'Cords & Power',
      products: [
        [
          'EL-6501',
          'Extension Cord 50 ft, 12 Gauge',
          4150,
          'Heavy outdoor cord that runs a table saw or compressor at full power. Lighted end shows it is live.',
        ],
        [
          'EL-6502',
          'Extension Cord 25 ft, 16 Gauge',
          1140,
          'Green vinyl cord for hedge trimmers and string lights.',
        ],
        [
          'EL-6503',
          'Retractable Cord Reel 30 ft',
          4020,
          'Mounts to the garage ceiling with three outlets and winds itself up at a tug.',
        ],
        [
          'EL-6504',
          'Portable Generator 3500 W',
          29970,
          'Gasoline inverter generator quiet enough for camping, and able to keep a refrigerator and furnace fan going in an outage.',
        ],
        [
          'EL-6505',
          'Transfer Switch, 6 Circuit',
          19240,
          'Connects a generator to chosen house circuits safely, with no back-feed to the utility line.',
        ],
        [
          'EL-6506',
          'AA Alkaline Batteries, 24 Pack',
          980,
          'Ten-year shelf life, so keep a box with the flashlights.',
        ],
      ],
    },
    {
      name: 'Heating & Ventilation',
      products: [
        [
          'EL-6601',
          'Oil-Filled Radiator Heater 1500 W',
          5140,
          'Silent electric radiator on casters with a thermostat and tip-over switch. Keeps a bedroom warm overnight.',
        ],
        [
          'EL-6602',
          'Ceramic Space Heater, Desktop',
          2080,
          'Warms the area around your feet within a minute and shuts off if it is knocked over.',
        ],
        [
          'EL-6603',
          'Baseboard Heater 48 in., 240 V',
          4230,
          'Hardwired convection heater for a room without ducts. Needs a separate wall thermostat.',
        ],
        [
          'EL-6604',
          'Programmable Thermostat, 7 Day',
          3460,
          'Four settings a day for gas, oil or heat-pump systems, with a backlit screen that is easy to read.',
        ],
        [
          'EL-6605',
          'Smart Thermostat, Wi-Fi',
          8920,
          'Learns when the house is empty and shows monthly energy use in an app. Most systems need a C-wire.',
        ],
        [
          'EL-6606',
          'Pipe Heating Cable 12 ft',
          2340,
          'Self-regulating cable that keeps water pipes from freezing in crawl spaces. Plugs into a GFCI outlet.',
        ],
        [
          'EL-6607',
          'Bathroom Exhaust Fan 80 CFM',
          4610,
          'Quiet at 0.8 sone and sized for a bath up to 80 square feet.',
        ],
        [
          'EL-6608',
          'Furnace Filter 16 x 25 x 1 in., 4 Pack',
          1860,
          'Pleated MERV 8 filters that catch dust, lint and pollen. Change one every three months.',
        ],
        [
          'EL-6609',
          'Window Insulation Kit, 5 Windows',
          1090,
          'Clear film shrinks tight with a hair dryer and stops the chill off single-pane glass.',
        ],
      ],
    },
  ],
};
