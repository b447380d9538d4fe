use jiff::civil::date;
use model::lang::Lang;

use super::plan::{Plan, Rectangle, plan};
use super::text::width;
use super::{Answered, Dress, Standing};
use crate::dialect::named;
use crate::fabric::Fabric;
use crate::network::{Demand, Network, ZoneId, demands};
use crate::packet::Family;
use crate::question::{Cell, Checked, Options, check, matrix};
use crate::source::Source;

const CITY: &str = r#"
zone = [
  { name = "mn", tier = "mynumber", label = "マイナンバー利用事務系", register = "Z-MN", prefixes = ["10.10.0.0/16"] },
  { name = "lg", tier = "lgwan", label = "LGWAN接続系", prefixes = ["10.20.0.0/16"] },
  { name = "ot", tier = "other", label = "LABEL", prefixes = ["10.90.0.0/16"] },
]
link = [{ name = "wire" }]
device = [
  { name = "near", label = "手前のルータ", configurations = ["near.txt"], dialect = "yamaha", interfaces = { lan1 = "lg", lan2 = "wire", lan3 = "ot" } },
  { name = "far", label = "奥のルータ", configurations = ["far.txt"], dialect = "yamaha", interfaces = { lan1 = "wire", lan2 = "mn" } },
]
permitted = [
  { id = "PP-1", from = "lg", to = "mn", source = ["10.20.1.1"], destination = ["10.10.1.1"], protocol = "tcp", ports = ["443"], reason = "r", approver = "a" },
]
"#;

const NEAR: &str = "\
ip lan1 address 10.20.0.1/16
ip lan2 address 10.255.0.1/30
ip lan3 address 10.90.0.1/16
ip route 10.10.0.0/16 gateway 10.255.0.2
ip lan1 secure filter in 1 9
ip lan2 secure filter in 9
ip lan3 secure filter in 3 9
ip lan3 secure filter out 9
ip lan1 secure filter out 4 9
ip filter 1 pass 10.20.1.1 10.10.1.1 tcp * 443
ip filter 3 pass 10.90.0.0/16 10.20.0.0/16 tcp * 22
ip filter 4 pass 10.90.0.0/16 10.20.0.0/16 tcp * 22
ip filter 9 reject * *
";

const FAR: &str = "\
ip lan1 address 10.255.0.2/30
ip lan2 address 10.10.0.1/16
ip route 10.20.0.0/16 gateway 10.255.0.1
";

struct City {
    fabric: Fabric,
    demands: Vec<Demand>,
    cells: Vec<Cell>,
    unknown: Vec<(ZoneId, Family)>,
    checked: Checked,
}

impl City {
    fn new(label: &str, options: Options) -> Self {
        let network = Network::read(&CITY.replace("LABEL", label)).unwrap();
        let device = |text: &str| named("yamaha").unwrap().read(&[Source::new(text)]);
        let (fabric, problems) = Fabric::new(network, vec![device(NEAR), device(FAR)]);
        assert!(problems.is_empty(), "{problems:?}");
        let demands = demands(&fabric.network, "alpha");
        let (cells, unknown) = matrix(&fabric, options);
        let checked = check(&fabric, &demands, options);
        Self {
            fabric,
            demands,
            cells,
            unknown,
            checked,
        }
    }

    fn answered(&self) -> Answered<'_> {
        Answered {
            fabric: &self.fabric,
            demands: &self.demands,
            cells: &self.cells,
            unknown: &self.unknown,
            checked: &self.checked,
        }
    }
}

fn options() -> Options {
    Options::on(date(2026, 11, 23))
}

#[test]
fn passages_tell_what_is_kept_and_what_is_broken_and_by_which_devices() {
    let city = City::new("施設系", options());
    let passages = city.answered().passages();
    let told: Vec<_> = passages
        .iter()
        .map(|passage| (passage.from.0, passage.to.0, passage.standing, passage.way.len()))
        .collect();
    assert_eq!(told, [(2, 1, Standing::Broken, 1), (1, 0, Standing::Kept, 2)]);
    assert_eq!(passages[1].services, ["tcp/443"]);
}

#[test]
fn every_standing_has_its_mark_and_its_word_in_both_languages() {
    let city = City::new("施設系", options());
    for (lang, broken, kept) in [(Lang::Ja, "破れている", "守られている"), (Lang::En, "broken", "kept")] {
        let svg = city.answered().svg(lang, Dress::Own);
        for part in [
            broken,
            kept,
            ">✕<",
            ">✓<",
            "tcp/22",
            "tcp/443",
            "near.txt",
            "手前のルータ → 奥のルータ",
            "<title>",
            "<desc>",
        ] {
            assert!(svg.contains(part), "{part}");
        }
        let table = city.answered().table(lang);
        for part in [broken, kept, "tcp/22", "near.txt", "<caption>", "scope=\"row\""] {
            assert!(table.contains(part), "{part}");
        }
    }
    assert!(!city.answered().svg(Lang::Ja, Dress::Page).contains("<style>"));
}

#[test]
fn the_same_network_gives_the_same_bytes() {
    let (one, other) = (City::new("施設系", options()), City::new("施設系", options()));
    for lang in [Lang::Ja, Lang::En] {
        assert_eq!(one.answered().page(lang), other.answered().page(lang));
    }
}

#[test]
fn what_cannot_be_told_is_drawn_as_unproven() {
    let poor = Options {
        budget: 1,
        ceiling: 2,
        ..options()
    };
    let city = City::new("施設系", poor);
    let passages = city.answered().passages();
    assert_eq!(passages.len(), city.demands.len());
    assert!(passages.iter().all(|passage| passage.standing == Standing::Unproven));
    let svg = city.answered().svg(Lang::Ja, Dress::Own);
    assert!(svg.contains("通るかどうかが分からない") && !svg.contains("net-kept\"><title>"));
    assert!(!svg.contains("証明されている"), "nothing is proved");
}

#[test]
fn names_are_text_whatever_they_hold() {
    let hostile =
        "</text><script>alert(1)</script>&amp;<!-- ]]> ' \u{202e} 長い長い長い長い長い長い長い長い長い長い名前";
    let city = City::new(hostile, options());
    for lang in [Lang::Ja, Lang::En] {
        let page = city.answered().page(lang);
        assert!(!page.contains("<script") && !page.contains("<!--") && !page.contains('\u{202e}'));
        let svg = city.answered().svg(lang, Dress::Own);
        assert_well_formed(&svg);
        for forbidden in ["href", "onload", "javascript", "<foreignObject", "<image", "url("] {
            assert!(!svg.contains(forbidden), "{forbidden}");
        }
    }
}

fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        assert!(!text.contains('>') || open.last() == Some(&"style"), "{text}");
        let name = tag.split_whitespace().next().unwrap();
        match name.strip_prefix('/') {
            Some(closes) => assert_eq!(open.pop(), Some(closes)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn no_boxes_overlap_and_all_stand_inside() {
    let city = City::new("とても長い名前の領域とその向こう側にある機器室", options());
    assert_apart(&plan(&city.fabric, &city.answered().passages()), &city.fabric);
}

#[test]
fn no_boxes_overlap_in_any_network() {
    for (zones, devices) in [(1, 1), (2, 3), (9, 4), (14, 7), (30, 12)] {
        let fabric = made_up(zones, devices);
        assert_apart(&plan(&fabric, &[]), &fabric);
    }
}

/// Zones of all tiers in turn; each device stands on three of them and on a wire to the next.
fn made_up(zones: usize, devices: usize) -> Fabric {
    const TIERS: [&str; 7] = [
        "other",
        "mynumber",
        "outside",
        "lgwan",
        "internet",
        "security_cloud",
        "lgwan_network",
    ];
    let mut text = String::new();
    for at in 0..zones {
        let (tier, label) = (TIERS[at % 7], "領域と名前 zone ".repeat(at % 4 + 1));
        text += &format!(
            "[[zone]]\nname = \"z{at}\"\ntier = \"{tier}\"\nlabel = \"{label}\"\nprefixes = [\"10.{at}.0.0/16\"]\n"
        );
    }
    for at in 0..devices {
        text += &format!("[[link]]\nname = \"w{at}\"\n");
    }
    let mut configurations = Vec::new();
    for at in 0..devices {
        let on = |step: usize| (at * 5 + step * 3) % zones;
        text += &format!(
            "[[device]]\nname = \"d{at}\"\nconfigurations = [\"d\"]\ninterfaces = {{ lan1 = \"z{}\", lan2 = \"z{}\", lan3 = \"z{}\", lan4 = \"w{at}\", lan5 = \"w{}\" }}\n",
            on(0),
            on(1),
            on(2),
            (at + 1) % devices
        );
        let interfaces = (1..=5).map(|lan| format!("ip lan{lan} address 172.{}.{lan}.1/24\n", 16 + at));
        configurations.push(interfaces.collect::<String>());
    }
    let devices = configurations
        .iter()
        .map(|text| named("yamaha").unwrap().read(&[Source::new(text)]));
    Fabric::new(Network::read(&text).unwrap(), devices.collect()).0
}

fn assert_apart(plan: &Plan, fabric: &Fabric) {
    let headings: Vec<Rectangle> = plan.columns.iter().map(|column| column.heading).collect();
    let bars: Vec<Rectangle> = plan.bars.iter().map(|bar| bar.area).collect();
    let lanes = plan.lanes.iter().map(|lane| Rectangle {
        x: lane.from.min(lane.to),
        y: lane.y,
        width: (lane.to - lane.from).abs(),
        height: super::plan::LANE,
    });
    let all: Vec<Rectangle> = headings.iter().copied().chain(bars).chain(lanes).collect();
    assert_eq!(headings.len(), fabric.network.zones.len());
    for (at, one) in all.iter().enumerate() {
        assert!(
            one.x >= 0.0 && one.right() <= plan.width && one.bottom() <= plan.height,
            "{one:?}"
        );
        for other in all.iter().skip(at + 1) {
            let apart =
                one.right() <= other.x || other.right() <= one.x || one.bottom() <= other.y || other.bottom() <= one.y;
            assert!(apart, "{one:?} {other:?}");
        }
    }
    for column in &plan.columns {
        for line in &column.lines {
            assert!(width(line) * super::plan::LABEL <= column.heading.width, "{line}");
        }
    }
    // A wire goes down where no zone is.
    for wire in &plan.wires {
        assert!(
            headings
                .iter()
                .all(|heading| wire.x < heading.x || wire.x > heading.right()),
            "{wire:?}"
        );
    }
}
