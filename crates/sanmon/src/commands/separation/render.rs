//! `sanmon separation render DIR --device NAME`: a configuration that lets only permitted paths pass.

use std::io;

use model::lang::Text;
use separation::render::{LeftOut, ios, nftables, plan, yamaha};

use super::asked::Asked;
use crate::cli::separation::{NetworkOf, RenderedIn};
use crate::commands::{Desk, Outcome};

pub(super) fn run(of: &NetworkOf, device: &str, dialect: RenderedIn, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let node = match asked.device(device) {
        Ok(node) => node,
        Err(why) => return desk.stop(&why),
    };
    let fabric = &asked.network.fabric;
    let Some(placed) = fabric.placed(node) else {
        return Ok(Outcome::Unusable);
    };
    let plan = plan(&fabric.network, placed, &asked.model, asked.today);
    let text = match dialect {
        RenderedIn::Nftables => nftables::render(&plan),
        RenderedIn::Yamaha => yamaha::render(&plan),
        RenderedIn::Ios => ios::render(&plan),
    };
    desk.print(&text)?;
    for (path, why) in &plan.left_out {
        desk.note(&left_out(path, *why))?;
    }
    Ok(if plan.left_out.is_empty() {
        Outcome::Fine
    } else {
        Outcome::Broken
    })
}

fn left_out(path: &str, why: LeftOut) -> Text {
    let (ja, en) = match why {
        LeftOut::Expired => ("期限が過ぎている", "its approval has ended"),
        LeftOut::Forbidden => ("団体のモデルが許さない", "the city's model allows nothing there"),
        LeftOut::Unsanitised => ("無害化などの中継を経ない", "no gateway stands at either end"),
        LeftOut::OutOfZone => ("送信元か宛先が、その領域にない", "none of its hosts is in its zones"),
    };
    Text::new(
        format!("特定通信「{path}」は入れていない: {ja}"),
        format!("permitted path `{path}` is left out: {en}"),
    )
}
