import type { CatalogueCategory } from './category.ts';

/** Dry, warm months: exterior work from April to September. */
export const paint: CatalogueCategory = {
  name: 'Paint & Finishes',
  share: 0.12,
  months: [0.7, 0.75, 0.9, 1.1, 1.3, 1.35, 1.3, 1.2, 1.1, 0.9, 0.75, 0.65],
  types: [
    {
      name: 'Interior Paint',
      products: [
        [
          'PA-3101',
          'Interior Latex, Matte White 1 gal',
          2140,
          'Flat finish that hides roller marks and patched drywall. Best for ceilings and adult bedrooms; covers about 400 square feet.',
        ],
        [
          'PA-3102',
          'Interior Latex, Eggshell Linen 1 gal',
          2280,
          'A warm off-white with a low sheen you can wipe down, for living rooms and hallways.',
        ],
        [
          'PA-3103',
          'Interior Latex, Satin Sage 1 gal',
          2340,
          'Muted gray-green in a scrubbable satin that suits kitchens and dining rooms.',
        ],
        [
          'PA-3104',
          'Interior Latex, Semi-Gloss White 1 gal',
          2410,
          'Hard-wearing trim and door paint. Fingerprints and crayon come off with a damp cloth.',
        ],
        [
          'PA-3105',
          'Ceiling Paint, Dries White 1 gal',
          1890,
          'Goes on pink so you can see the spots you missed, then turns flat white within the hour.',
        ],
        [
          'PA-3106',
          'Kitchen and Bath Paint, White 1 gal',
          2730,
          'Contains a mildewcide and stands up to steam above a shower or stove without peeling.',
        ],
        [
          'PA-3107',
          'Tintable Base, Deep 5 gal',
          9820,
          'Bucket of untinted interior base for dark colors mixed at the counter. Enough for a whole floor of a house.',
        ],
        [
          'PA-3108',
          'Chalkboard Paint, Black 1 qt',
          1260,
          'Turns a wall, door or tabletop into a writing surface after three days of cure time.',
        ],
      ],
    },
    {
      name: 'Exterior Paint',
      products: [
        [
          'PA-3201',
          'Exterior Acrylic, Satin White 1 gal',
          2960,
          'All-acrylic house paint for wood and fiber-cement siding. Can be applied down to 35 degrees Fahrenheit.',
        ],
        [
          'PA-3202',
          'Exterior Acrylic, Barn Red 1 gal',
          2990,
          'Fade-resistant classic red for sheds, barns and front doors, self-priming over sound paint.',
        ],
        [
          'PA-3203',
          'Exterior Acrylic, Slate Gray 1 gal',
          2990,
          'Mid-gray satin that hides road dust and pollen on siding and fences.',
        ],
        [
          'PA-3204',
          'Porch and Floor Enamel, Gray 1 gal',
          2870,
          'Skid-tolerant coating for steps, porches and basement floors that take foot traffic all year.',
        ],
        [
          'PA-3205',
          'Masonry Waterproofing Paint 1 gal',
          2640,
          'Thick white coating that fills the pores of block walls and keeps a damp basement dry against seepage.',
        ],
        [
          'PA-3206',
          'Garage Floor Epoxy Kit',
          7140,
          'Two-part water-based epoxy with color flakes, covering one and a half bays. Resists hot tires and spilled oil.',
        ],
        [
          'PA-3207',
          'Rust-Stop Metal Enamel, Black 1 qt',
          1180,
          'Oil-based gloss enamel for railings, gates and mower decks, brushed straight over light rust.',
        ],
      ],
    },
    {
      name: 'Primers & Sealers',
      products: [
        [
          'PA-3301',
          'Drywall Primer, PVA 1 gal',
          1270,
          'Seals new drywall and joint compound so the topcoat dries to one even sheen.',
        ],
        [
          'PA-3302',
          'Stain-Blocking Primer, Shellac 1 qt',
          1690,
          'Locks in water stains, smoke, knots and pet odor in a single coat, dry in 45 minutes.',
        ],
        [
          'PA-3303',
          'Bonding Primer 1 gal',
          2480,
          'Grips glossy tile, laminate and old oil paint with no sanding.',
        ],
        [
          'PA-3304',
          'Exterior Wood Primer, Oil-Based 1 gal',
          2390,
          'Soaks into bare cedar and redwood to keep tannins from bleeding through the finish coat.',
        ],
        [
          'PA-3305',
          'Concrete Sealer, Penetrating 1 gal',
          2150,
          'Clear silane treatment that makes driveways and patios shed water and road salt yet leaves the look unchanged.',
        ],
        [
          'PA-3306',
          'Metal Primer, Gray Spray 12 oz',
          520,
          'Sandable etching primer for bare steel and aluminum parts before spray enamel.',
        ],
      ],
    },
    {
      name: 'Stains & Clear Coats',
      products: [
        [
          'PA-3401',
          'Deck Stain, Semi-Transparent Cedar 1 gal',
          2830,
          'Lets the grain show while blocking UV. Expect to recoat horizontal boards every two to three years.',
        ],
        [
          'PA-3402',
          'Deck Stain, Solid Driftwood 1 gal',
          2910,
          'Opaque gray-brown that covers weathered or mismatched boards like thin paint but will not peel.',
        ],
        [
          'PA-3403',
          'Fence and Siding Oil 1 gal',
          2460,
          'Natural-toned penetrating oil with a mildewcide for rough-sawn cedar, brushed or sprayed.',
        ],
        [
          'PA-3404',
          'Interior Wood Stain, Dark Walnut 1 qt',
          980,
          'Oil-based wiping stain; wipe it on, wait ten minutes, wipe off the excess. One quart does about 150 square feet.',
        ],
        [
          'PA-3405',
          'Gel Stain, Mahogany 1 qt',
          1330,
          'Does not drip or blotch, so it is the one to use on vertical doors, fiberglass and pine.',
        ],
        [
          'PA-3406',
          'Polyurethane, Water-Based Satin 1 qt',
          1390,
          'Clear coat that stays clear instead of yellowing on maple and birch. Recoat after two hours.',
        ],
        [
          'PA-3407',
          'Polyurethane, Oil-Based Gloss 1 gal',
          3290,
          'Amber, tough finish for stairs, bar tops and wood floors that see a lot of wear.',
        ],
        [
          'PA-3408',
          'Tung Oil Finish 1 pt',
          1120,
          'Hand-rubbed luster for furniture, turned bowls and tool handles; build up depth with thin coats.',
        ],
        [
          'PA-3409',
          'Butcher Block Conditioner 12 oz',
          760,
          'Food-safe blend of mineral oil and beeswax that keeps cutting boards and counters from drying out.',
        ],
      ],
    },
    {
      name: 'Brushes & Rollers',
      products: [
        [
          'PA-3501',
          'Angled Sash Brush 2-1/2 in.',
          960,
          'Tapered synthetic bristles cut a clean line along ceilings and window muntins without tape.',
        ],
        [
          'PA-3502',
          'Flat Trim Brush 3 in.',
          880,
          'Holds plenty of paint for doors, fascia and fence boards, in latex or oil.',
        ],
        [
          'PA-3503',
          'Chip Brush 2 in., 12 Pack',
          790,
          'Cheap natural-bristle brushes for glue, solvent, epoxy and stain that you throw away after use.',
        ],
        [
          'PA-3504',
          'Roller Frame 9 in., Cage',
          570,
          'Five-wire cage keeps the cover from sliding off; the handle threads onto an extension pole.',
        ],
        [
          'PA-3505',
          'Roller Covers 3/8 in. Nap, 6 Pack',
          1210,
          'The right nap for smooth to lightly textured drywall, and they shed little lint into eggshell paint.',
        ],
        [
          'PA-3506',
          'Foam Mini Roller Kit 4 in.',
          640,
          'Lays glass-smooth enamel on cabinet doors and fits behind toilets and radiators.',
        ],
        [
          'PA-3507',
          'Telescoping Extension Pole 4-8 ft',
          1480,
          'Reaches ten-foot ceilings from the floor, with a flip lock that does not creep.',
        ],
        [
          'PA-3508',
          'Airless Paint Sprayer, Stand Model',
          19730,
          'Pulls straight from a five-gallon bucket to spray fences, siding and whole rooms in a fraction of roller time.',
        ],
      ],
    },
    {
      name: 'Prep & Cleanup',
      products: [
        [
          'PA-3601',
          "Painter's Tape 1.41 in., 3 Pack",
          1140,
          'Blue crepe tape that peels off cleanly for up to two weeks, indoors or in the sun.',
        ],
        [
          'PA-3602',
          'Canvas Drop Cloth 9 x 12 ft',
          1870,
          'Heavy cotton that soaks up drips and stays put on stairs, where plastic gets slippery.',
        ],
        [
          'PA-3603',
          'Plastic Sheeting 10 x 25 ft, 2 mil',
          820,
          'Clear film to mask off doorways and furniture against overspray and sanding dust.',
        ],
        [
          'PA-3604',
          'Spackling Paste 1 qt',
          690,
          'Lightweight filler for nail holes and dents; dries white with no shrinkage and takes paint in half an hour.',
        ],
        [
          'PA-3605',
          'Paintable Caulk, White 10 oz',
          330,
          'Acrylic latex with silicone for gaps along baseboards and crown. Smooths with a wet finger.',
        ],
        [
          'PA-3606',
          '5-in-1 Painter Tool',
          540,
          'Opens cans, scrapes loose paint, digs out cracks, sets nails and squeegees a roller clean.',
        ],
        [
          'PA-3607',
          'Paint Stripper Gel 1 qt',
          1370,
          'Clings to spindles and carved trim while it lifts several layers at once. Free of methylene chloride.',
        ],
        ['PA-3608', 'Mineral Spirits 1 gal', 1150, 'Thins oil-based paint and cleans the brushes afterward.'],
        [
          'PA-3609',
          'Roller Tray with 10 Liners',
          780,
          'Deep-well metal tray; change the liner instead of scrubbing when you switch colors.',
        ],
        [
          'PA-3610',
          'Caulking Gun, Dripless',
          710,
          'The rod backs off by itself when you release the trigger, so the bead stops where you want it to.',
        ],
      ],
    },
  ],
};
