import type { CatalogueCategory } from './category.ts';

/** Spring: planting from March, at its height in April and May. */
export const garden: CatalogueCategory = {
  name: 'Garden & Outdoor',
  share: 0.11,
  months: [0.45, 0.6, 1.2, 1.75, 1.9, 1.5, 1.15, 0.95, 0.85, 0.7, 0.5, 0.45],
  types: [
    {
      name: 'Digging & Planting Tools',
      products: [
        [
          'GO-8101',
          'Round-Point Shovel, Long Handle',
          1780,
          'Digs planting holes and turns compost. The fiberglass shaft will not splinter or rot.',
        ],
        [
          'GO-8102',
          'Garden Spade, D-Handle',
          1960,
          'Flat, sharp blade for edging beds and cutting sod into neat strips.',
        ],
        [
          'GO-8103',
          'Hand Trowel, Stainless',
          740,
          'Narrow blade with depth marks in inches, for bulbs and seedlings.',
        ],
        [
          'GO-8104',
          'Bow Rake 16 in.',
          1570,
          'Steel tines level soil and gravel; flip it over to smooth the seedbed.',
        ],
        [
          'GO-8105',
          'Leaf Rake 24 in., Poly',
          1090,
          'Light and springy, does not clog with wet maple leaves.',
        ],
        [
          'GO-8106',
          'Garden Hoe, Forged',
          1430,
          'Chops weeds at the root and draws furrows for peas and beans.',
        ],
        [
          'GO-8107',
          'Post-Hole Digger',
          2840,
          'Clamshell blades lift out a clean hole three feet deep for fence and deck posts.',
        ],
        [
          'GO-8108',
          'Bulb Planter, Foot Bar',
          1850,
          'Step on it to lift a plug of turf, drop in the tulip, and push the plug back.',
        ],
      ],
    },
    {
      name: 'Cutting & Pruning',
      products: [
        [
          'GO-8201',
          'Bypass Pruners 8 in.',
          1340,
          'Clean scissor cut on green stems up to 3/4 inch, without crushing them.',
        ],
        [
          'GO-8202',
          'Anvil Loppers 28 in.',
          2190,
          'Geared arms snap through dead branches as thick as a broom handle.',
        ],
        [
          'GO-8203',
          'Hedge Shears, Wavy Blade',
          1760,
          'The wavy edge holds twigs in place while you shape boxwood and laurel.',
        ],
        [
          'GO-8204',
          'Folding Pruning Saw 7 in.',
          1290,
          'Three-sided teeth cut green limbs on the pull and fold away in a pocket.',
        ],
        [
          'GO-8205',
          'Pole Pruner 12 ft',
          3840,
          'Saw and rope-driven lopper on a telescoping pole, so the fruit trees get done from the ground.',
        ],
        [
          'GO-8206',
          'Splitting Maul 8 lb',
          2960,
          'Wedge head bursts rounds of fir into firewood; the flat poll drives a wedge.',
        ],
        ['GO-8207', 'Camp Hatchet 14 in.', 1870, 'For kindling and limbing, with a sheath for the pack.'],
      ],
    },
    {
      name: 'Mowers & Powered Equipment',
      products: [
        [
          'GO-8301',
          'Battery Lawn Mower 21 in., 40 V',
          26940,
          'Mulches, bags or side-discharges about a third of an acre per charge. Folds upright against the garage wall.',
        ],
        [
          'GO-8302',
          'Reel Mower 16 in.',
          7280,
          'No engine, no noise. Cuts small flat lawns cleanly with five blades and a push.',
        ],
        [
          'GO-8303',
          'String Trimmer 40 V',
          10430,
          'Edges walks and clears grass along fences; the line feeds when you tap it.',
        ],
        [
          'GO-8304',
          'Leaf Blower, Cordless 40 V',
          9870,
          'Variable trigger from a gentle sweep to a gale, for decks, gutters and wet leaves.',
        ],
        [
          'GO-8305',
          'Chainsaw 16 in., Battery',
          17240,
          'Handles storm-fallen limbs and a little firewood without fuel mixing. Automatic oiler and chain brake.',
        ],
        [
          'GO-8306',
          'Hedge Trimmer 22 in., Corded',
          4390,
          'Dual-action blades take branches up to 5/8 inch with little vibration.',
        ],
        [
          'GO-8307',
          'Pressure Washer 2000 psi, Electric',
          11580,
          'Strips moss from pavers and mildew from siding. Four nozzle tips and a soap tank.',
        ],
      ],
    },
    {
      name: 'Watering',
      products: [
        [
          'GO-8401',
          'Garden Hose 50 ft, Rubber',
          2510,
          'Stays supple in the cold and carries hot water. Crush-proof brass ends.',
        ],
        [
          'GO-8402',
          'Soaker Hose 75 ft',
          1240,
          'Sweats water along its length to the roots of hedges and vegetable rows, losing little to the air.',
        ],
        [
          'GO-8403',
          'Adjustable Hose Nozzle, Brass',
          780,
          'Twists from a mist to a forty-foot jet with nothing to break.',
        ],
        [
          'GO-8404',
          'Oscillating Sprinkler',
          1460,
          'Covers a rectangle up to 3,600 square feet, with tabs to set each side.',
        ],
        [
          'GO-8405',
          'Hose Timer, Two Zones',
          2830,
          'Waters the lawn at dawn and the beds at dusk, on days you pick.',
        ],
        [
          'GO-8406',
          'Drip Irrigation Kit, 25 Plants',
          2640,
          'Tubing, stakes and emitters for pots or a raised bed; push together and cut to fit.',
        ],
        [
          'GO-8407',
          'Wall-Mounted Hose Reel',
          3170,
          'Cranks a hundred feet of hose out of the way beside the spigot.',
        ],
        [
          'GO-8408',
          'Watering Can 2 gal, Galvanized',
          1690,
          'Long spout and a brass rose for seedlings that a hose would flatten.',
        ],
      ],
    },
    {
      name: 'Soil, Seed & Plant Care',
      products: [
        [
          'GO-8501',
          'Potting Mix 2 cu ft',
          1070,
          'Peat, bark and perlite with starter fertilizer, for containers and hanging baskets.',
        ],
        [
          'GO-8502',
          'Raised Bed Soil 1.5 cu ft',
          830,
          'Composted forest products with aged manure, ready for tomatoes and squash.',
        ],
        [
          'GO-8503',
          'Cedar Mulch 2 cu ft',
          460,
          'Keeps down weeds and holds moisture; the scent discourages some insects.',
        ],
        [
          'GO-8504',
          'Lawn Seed, Sun and Shade 7 lb',
          2470,
          'Rye and fescue blend that germinates in Northwest springs and suits yards with big trees.',
        ],
        [
          'GO-8505',
          'Lawn Fertilizer 29-0-4, 5,000 sq ft',
          1630,
          'Slow-release spring feed for grass. Water it in and keep pets off until dry.',
        ],
        [
          'GO-8506',
          'Moss Control Granules 20 lb',
          1480,
          'Iron sulfate blackens moss in a few days. Spread in early spring or fall, away from concrete.',
        ],
        [
          'GO-8507',
          'Tomato and Vegetable Food 4 lb',
          710,
          'Organic 3-4-6 meal with calcium, worked into the soil at planting.',
        ],
        [
          'GO-8508',
          'Slug Bait, Iron Phosphate 2.5 lb',
          1120,
          'Protects hostas and lettuce, and is safe to use around pets and birds when applied as directed.',
        ],
        [
          'GO-8509',
          'Landscape Fabric 3 x 50 ft',
          1190,
          'Woven weed barrier for under gravel and bark that lets rain through.',
        ],
      ],
    },
    {
      name: 'Patio & Yard',
      products: [
        [
          'GO-8601',
          'Wheelbarrow 6 cu ft, Steel',
          7130,
          'Seamless tray, hardwood handles and a tire that takes a load of wet concrete.',
        ],
        [
          'GO-8602',
          'Charcoal Kettle Grill 22 in.',
          8840,
          'Porcelain lid and bowl with a one-touch ash catcher; cooks a dozen burgers at a time.',
        ],
        [
          'GO-8603',
          'Propane Fire Pit 28 in.',
          14720,
          'Lava-rock burner with 50,000 BTU that stays legal in most burn bans. Hides a tank beside it.',
        ],
        [
          'GO-8604',
          'Adirondack Chair, Weathered Teal',
          7950,
          'Recycled plastic lumber that can stay out all winter and never needs paint.',
        ],
        [
          'GO-8605',
          'Patio Umbrella 9 ft',
          5280,
          'Tilts with the crank and vents at the top in a breeze. Base sold separately.',
        ],
        [
          'GO-8606',
          'Raised Garden Bed, Cedar 4 x 8 ft',
          6870,
          'Boards slot into corner posts with no tools. Eleven inches deep for carrots and greens.',
        ],
        [
          'GO-8607',
          'Compost Bin 80 gal, Tumbling',
          8230,
          'Two chambers: one cooks while you fill the other. Turn the barrel every few days.',
        ],
        [
          'GO-8608',
          'Solar Path Lights, 8 Pack',
          2360,
          'Charge by day and mark a walkway for about eight hours; no wiring.',
        ],
        [
          'GO-8609',
          'Bird Feeder, Squirrel-Resistant',
          2190,
          'The perches drop and close the ports under anything heavier than a jay.',
        ],
      ],
    },
  ],
};
